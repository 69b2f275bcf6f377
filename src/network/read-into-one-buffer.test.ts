import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { readAccepted } from './read-into-one-buffer.ts'

it('an accepted socket without a handle that can be moved tells its bytes itself', async () => {
  const accepted = new Duplex({ read() {} })
  accepted.pause()
  const told: string[] = []
  const read = readAccepted(accepted as unknown as Socket, (chunk) => told.push(chunk.toString()))
  expect(read).toBe(accepted)
  accepted.push('one')
  await new Promise((resolve) => setImmediate(resolve))
  expect(told).toEqual(['one'])
  expect(accepted.destroyed).toBe(false)
})
