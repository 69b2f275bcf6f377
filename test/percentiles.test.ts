import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Measured, type Pair, playRound, type Server } from '../bench/long/percentiles.ts'

/** Slow, so that what a busy machine adds is a small part of it. */
const SERVER: Server = {
  name: '90 % 200 ms, 10 % 600 ms',
  service: {
    mix: [
      [0.9, 200],
      [0.1, 600],
    ],
  },
  percentiles: [50, 98],
}
const TRUTH_MILLIS = { '50': 200, '98': 600 }
const WITHIN = 0.02
/** What disturbs one round need not disturb the next; what is computed wrongly is wrong in each. */
const MOST_ROUNDS = 4

/** A short fraction of `npm run long -- percentiles`. */
it('a run says of a server of known service times what a bare socket client sees beside it', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-percentiles-'))
  const open = new Map<string, string>()
  try {
    for (let round = 0; round < MOST_ROUNDS && (round === 0 || open.size > 0); round++) {
      const pairs = await playRound(SERVER, { ratePerSecond: 200, seconds: 2, connections: 400 }, folder)
      for (const pair of pairs) {
        for (const of of ['response', 'service'] as const) {
          for (const [figure, truth] of Object.entries(TRUTH_MILLIS)) {
            // However busy the machine is, nothing is quicker than the server.
            expect(pair.measured[of][figure]!, `${pair.subject} ${of} p${figure}`).toBeGreaterThanOrEqual(truth)
            const name = `${pair.subject} ${of} p${figure}`
            if (round > 0 && !open.has(name)) continue
            const off = farFromBare(pair, of, figure)
            if (off <= WITHIN) open.delete(name)
            else open.set(name, `${(100 * off).toFixed(1)} % off in round ${round + 1}`)
          }
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  expect(Object.fromEntries(open)).toEqual({})
})

/** As a share of what the bare client saw right before or right after, whichever is nearer. */
function farFromBare({ measured, before, after }: Pair, of: keyof Measured, figure: string): number {
  return Math.min(...[before, after].map((bare) => Math.abs(measured[of][figure]! / bare[of][figure]! - 1)))
}
