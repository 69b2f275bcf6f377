// needs: redis-server

import { expect, it } from 'vitest'
import { run } from '../bench/long/bad-days.ts'

/** The quickest of `npm run long -- bad-days`, so that each change is held to a few of them. */
const QUICKEST = ['timeouts-are-errors', 'trips-of-a-mix', 'backlog-of-the-warm-up']

it('what was said wrongly on a bad day is said rightly', async () => {
  const lines: string[] = []
  const { ok, days } = await run({ only: QUICKEST.join(','), progress: (_, line) => line && lines.push(line) })
  expect(days.map(({ scenario }) => scenario).sort()).toEqual([...QUICKEST].sort())
  expect(ok, lines.join('\n')).toBe(true)
})

it('a fraction is drawn by the seed, and a name that does not exist is told', async () => {
  const { days } = await run({ only: 'trips-of-a-mix', percent: 0, progress: () => {} })
  expect(days).toEqual([])
  await expect(run({ only: 'no-such-day', progress: () => {} })).rejects.toThrow(/no bad day is called no-such-day; there are: .*killed-primary/)
})
