// needs: redis-server, valkey-server

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Endpoint, PropertyResult } from '../properties/property.ts'
import { allRedisProperties } from '../properties/redis/all-redis-properties.ts'
import { corpus } from '../properties/redis/corpus.ts'
import { replayCase } from '../properties/redis/differential.ts'
import { engineEndpoint } from '../properties/redis/engine-endpoint.ts'
import { connectEndpoint, type SocketEndpoint } from '../properties/redis/socket-endpoint.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import { createRealRuntime, type RealRuntime } from '../src/runtime/real-runtime.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'

/** Sequences per property and protocol; the long run (bench/long) does many more. */
const SEQUENCES = 75
const SEED = 20_261_124
const PREFIX = 'cacheproof:'

let runtime: RealRuntime
beforeAll(() => {
  runtime = createRealRuntime({ seed: SEED })
})
afterAll(() => runtime.close())

/** What a person needs to see when it fails: the counterexample, as one would type it. */
function verdict(result: PropertyResult): string {
  if (result.outcome === 'holds') return 'holds'
  if (result.outcome === 'unknown') return `unknown: ${result.reason}`
  const { script, expected, actual, path } = result.counterexample
  return `broken (seed ${result.seed}, path ${path})\n${script}\n  reference: ${expected}\n  subject:   ${actual}`
}

for (const kind of ['redis', 'valkey'] as const) {
  describe(`the reference engine against ${kind}-server`, () => {
    const profile = findRedisProfile(kind)!
    let server: LocalServer
    let sides: { reference: Endpoint; subject: SocketEndpoint }[] = []

    beforeAll(async () => {
      server = await startLocalServer({ kind })
      for (const protocol of [2, 3] as const) {
        sides.push({
          reference: engineEndpoint(runtime, (options) => createRedisEngine(profile, options), protocol),
          subject: await connectEndpoint(server.host, server.port, protocol, `${kind}-server`),
        })
      }
    })
    afterAll(async () => {
      for (const { subject } of sides) subject.close()
      sides = []
      await server?.stop()
    })

    it('is compared with the version it claims to be', () => {
      expect(server.version).toBe(profile.version)
    })

    for (const property of allRedisProperties) {
      it(`${property.id}: ${property.sentence}`, async () => {
        for (const [i, { reference, subject }] of sides.entries()) {
          const result = await property.run({ reference, subject, prefix: PREFIX, runs: SEQUENCES, seed: SEED + i })
          expect(verdict(result)).toBe('holds')
          expect(result.sequences).toBe(SEQUENCES)
        }
      })
    }

    for (const { why, commands } of corpus) {
      it(`corpus: ${why}`, async () => {
        for (const { reference, subject } of sides) {
          expect(await replayCase(commands(PREFIX), { reference, subject, prefix: PREFIX })).toBeUndefined()
        }
      })
    }

    // On servers of our own only: it changes their settings.
    it('memory that is full: what a transaction takes, and what EXEC runs', async () => {
      const limit = (bytes: string) => ['CONFIG', 'SET', 'maxmemory', bytes]
      const key = `${PREFIX}k`
      const queued = [['SET', key, 'w'], ['GET', key], ['DEL', key], ['PING'], ['MULTI'], ['UNWATCH'], ['SETRANGE', key, '1', 'x']]
      const commands = [
        ['SET', key, 'v'],
        // Our engine counts what it holds, theirs is never empty.
        ['SET', `${PREFIX}b`, 'kept'],
        limit('1'),
        ...queued.flatMap((command) => [['MULTI'], command, ['EXEC'], ['SET', key, 'v']]),
        ['MULTI'],
        ['GET', key],
        ['DISCARD'],
        limit('0'),
        ['SET', key, 'v'],
        ['MULTI'],
        ['SET', key, 'w'],
        limit('1'),
        ['SET', key, 'x'],
        ['EXEC'],
        ['GET', key],
        ['EXEC', 'x'],
        limit('0'),
        ['DEL', key, `${PREFIX}b`],
      ]
      for (const { reference, subject } of sides) {
        expect(await replayCase(commands, { reference, subject, prefix: PREFIX })).toBeUndefined()
      }
    })

    it('leaves none of its keys behind', async () => {
      const [size] = await sides[0]!.subject.execute([['DBSIZE']])
      expect(size).toBe(0)
    })
  })
}
