import { describe, expect, test } from 'vitest'
import { MemoryWorld } from '../../../test/support/memory-world.ts'
import { sessionStoreLocalMemory } from '../../../test/support/session-store-local-memory.ts'
import { cacheAside } from './cache-aside.ts'
import { cacheAsideWriteThroughTtl } from './cache-aside-write-through-ttl.ts'
import { leaderboard } from './leaderboard.ts'
import { none } from './none.ts'
import { patternContract } from './pattern.contract.ts'
import { findProgram, PROGRAMS } from './registry.ts'
import { sessionStore } from './session-store.ts'
import { writeThrough } from './write-through.ts'

const createBed = (runtime: ConstructorParameters<typeof MemoryWorld>[0]) => new MemoryWorld(runtime)
const rows = { createBed, survivesWithoutCache: true }
const cacheOnly = { createBed, survivesWithoutCache: false }

patternContract({ definition: none, settings: [{}, { write_ratio: '50%', missing: '10%' }], ...rows })
patternContract({
  definition: cacheAside,
  settings: [
    { write_ratio: '20%', missing: '10%' },
    { write_ratio: '20%', on_write: 'none', ttl: '20ms', write_popularity: 'uniform' },
    { write_ratio: '20%', on_write: 'overwrite', ttl: '20ms', ttl_jitter: '50%' },
    { write_ratio: '20%', ttl: 'none', negative_ttl: 'none', missing: '20%' },
  ],
  ...rows,
})
patternContract({ definition: writeThrough, settings: [{ write_ratio: '30%' }, { write_ratio: '30%', ttl: '10ms' }], ...rows })
patternContract({ definition: cacheAsideWriteThroughTtl, settings: [{ write_ratio: '30%', ttl: '50ms' }], ...rows })
patternContract({
  definition: sessionStore,
  settings: [{ active: 16 }, { active: 32, ttl: '20ms', touch: 'absolute', login: '10%', update: '40%', abandoned: '50%' }],
  ...cacheOnly,
})
patternContract({
  definition: leaderboard,
  settings: [{}, { season: 150, keep: '5s', top: 3, around: 2, shares: { submit: '40%', top: '20%', rank: '20%', around: '20%' } }],
  ...cacheOnly,
})

describe('registry', () => {
  test('finds every program by its name', () => {
    for (const program of PROGRAMS) expect(findProgram(program.name)).toBe(program)
    expect(new Set(PROGRAMS.map((one) => one.name)).size).toBe(PROGRAMS.length)
  })

  test('knows nothing of test doubles', () => {
    expect(() => findProgram(sessionStoreLocalMemory.name)).toThrow()
  })

  test('a slip is answered with the nearest name, nonsense with all of them', () => {
    expect(() => findProgram('cache-asdie')).toThrow('no pattern is called "cache-asdie"')
    expect(hintOf(() => findProgram('cache-asdie'))).toBe('did you mean cache-aside?')
    expect(hintOf(() => findProgram('zzzzzzzzzzzz'))).toContain('session-store')
  })
})

function hintOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return (error as { hint: string }).hint
  }
  throw new Error('nothing was thrown')
}
