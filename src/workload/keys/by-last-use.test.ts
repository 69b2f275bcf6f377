import { expect, test } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { keysByLastUse } from './by-last-use.ts'
import { createKeyChooser } from './create-key-chooser.ts'

const COUNT = 2_000
const chooser = (popularity: Parameters<typeof createKeyChooser>[0]['popularity']) =>
  createKeyChooser({ count: COUNT, popularity }, createChance(5).stream('keys'))

test.each([
  { kind: 'zipf', exponent: 0.99 },
  { kind: 'hotspot', hotKeys: 0.1, hotOperations: 0.9 },
  { kind: 'uniform' },
  { kind: 'latest', exponent: 0.99 },
] as const)('$kind: every key once, and the last tenth gets its share of what follows', (popularity) => {
  const keys = chooser(popularity)
  const order = keysByLastUse(keys)
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, key) => key))
  const last = new Set(order.subarray(0.9 * COUNT))
  let asked = 0
  // Few, since what is newest moves on.
  for (let index = 0; index < 200; index++) if (last.has(keys.key(index))) asked++
  const share = { zipf: 0.45, hotspot: 0.5, uniform: 0.05, latest: 0.2 }[popularity.kind]
  expect(asked / 200).toBeGreaterThan(share)
})
