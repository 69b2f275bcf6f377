// needs: memcached

import { describe, expect, it } from 'vitest'
import { type MarkedEndpoint, markedEndpoint } from '../properties/memcached/marked-endpoint.ts'
import { referenceEndpoint } from '../properties/memcached/reference-endpoint.ts'
import { openSocketExchange } from '../properties/memcached/socket-exchange.ts'
import { createMemcachedEngine, type MemcachedEngineOptions } from '../src/engine/memcached/memcached-engine.ts'
import { findMemcachedProfile } from '../src/engine/memcached/profiles.ts'
import type { Command } from '../src/protocol/command.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { startLocalServer } from '../src/targets/local/local-server.ts'

/** Which items memcached drops when it is full, and which the engine drops, given the same commands. */
async function withBoth(
  mebibytes: number,
  args: readonly string[],
  options: Partial<MemcachedEngineOptions>,
  body: (engine: MarkedEndpoint, real: MarkedEndpoint) => Promise<void>,
): Promise<void> {
  const server = await startLocalServer({ kind: 'memcached', args: ['-m', String(mebibytes), '-t', '1', ...args] })
  const runtime = createRealRuntime({ seed: 1 })
  try {
    const socket = await openSocketExchange('memcached', server.host, server.port)
    const profile = findMemcachedProfile(server.version)
    const engine = referenceEndpoint(runtime, (given) =>
      createMemcachedEngine(profile, { ...given, ...options, maxMemoryBytes: mebibytes * 1024 * 1024 }),
    )
    await body(engine, markedEndpoint(socket))
    socket.close()
  } finally {
    runtime.close()
    await server.stop()
  }
}

const keyOf = (i: number) => `key${String(i).padStart(6, '0')}`

async function sendBoth(
  engine: MarkedEndpoint,
  real: MarkedEndpoint,
  commands: readonly Command[],
): Promise<[readonly Uint8Array[], readonly Uint8Array[]]> {
  return [await engine.execute(commands), await real.execute(commands)]
}

async function stats(endpoint: MarkedEndpoint): Promise<Map<string, string>> {
  const [answer] = await endpoint.execute([['stats']])
  const lines = Buffer.from(answer!).toString().split('\r\n')
  return new Map(lines.filter((line) => line.startsWith('STAT ')).map((line) => line.split(' ').slice(1) as [string, string]))
}

/** Looks without leaving a trace. */
async function alive(endpoint: MarkedEndpoint, count: number): Promise<boolean[]> {
  const answers = await endpoint.execute(Array.from({ length: count }, (_, i): Command => ['mg', keyOf(i), 'u']))
  return answers.map((answer) => Buffer.from(answer).toString().startsWith('HD'))
}

describe('memcached engine under a memory limit, against the real server', () => {
  it('drops the same items, and counts the same bytes', async () => {
    await withBoth(4, [], {}, async (engine, real) => {
      const count = 6_000
      for (let from = 0; from < count; from += 200) {
        const commands = Array.from({ length: 200 }, (_, i): Command[] => {
          const set: Command = ['set', keyOf(from + i), '0', '0', 'v'.repeat(700 + ((from + i) % 3) * 150)]
          // A few are read again and again, which is to keep them.
          return i % 4 === 0 ? [set, ['get', keyOf((from + i) % 80)]] : [set]
        })
        await sendBoth(engine, real, commands.flat())
      }
      const [ours, theirs] = [await stats(engine), await stats(real)]
      for (const name of ['curr_items', 'bytes', 'total_items', 'get_hits', 'cmd_set', 'limit_maxbytes'])
        expect([name, ours.get(name)]).toEqual([name, theirs.get(name)])
      const evictions = Number(theirs.get('evictions'))
      expect(evictions).toBeGreaterThan(1_500)
      expect(Math.abs(Number(ours.get('evictions')) - evictions)).toBeLessThan(evictions * 0.02)
      const [left, right] = [await alive(engine, count), await alive(real, count)]
      const same = left.filter((there, i) => there === right[i]).length
      expect(same / count).toBeGreaterThan(0.98)
    })
  })

  it('gives a cache-aside program the same hit ratio', async () => {
    await withBoth(4, [], {}, async (engine, real) => {
      let state = 7
      const random = () => {
        state = (state + 0x6d2b79f5) | 0
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
      }
      const hits = [0, 0]
      let reads = 0
      for (let round = 0; round < 300; round++) {
        // Skewed: the square of a uniform number favours low keys.
        const keys = Array.from({ length: 50 }, () => Math.floor(random() ** 3 * 20_000))
        reads += keys.length
        const gets = keys.map((key): Command => ['mg', keyOf(key)])
        for (const [side, endpoint] of [engine, real].entries()) {
          const answers = await endpoint.execute(gets)
          const missing = keys.filter((_key, i) => !Buffer.from(answers[i]!).toString().startsWith('HD'))
          hits[side]! += keys.length - missing.length
          await endpoint.execute([...new Set(missing)].map((key): Command => ['set', keyOf(key), '0', '0', 'v'.repeat(100 + (key % 900))]))
        }
      }
      expect(hits[1]! / reads).toBeGreaterThan(0.3)
      expect(Math.abs(hits[0]! - hits[1]!) / reads).toBeLessThan(0.02)
    })
  })

  it('refuses to store with -M as the real one does', async () => {
    await withBoth(2, ['-M'], { disableEvictions: true }, async (engine, real) => {
      const commands = Array.from({ length: 2_000 }, (_, i): Command => ['set', keyOf(i), '0', '0', 'v'.repeat(900)])
      const [ours, theirs] = await sendBoth(engine, real, commands)
      const text = (answers: readonly Uint8Array[]) => answers.map((answer) => Buffer.from(answer).toString())
      expect(text(ours)).toEqual(text(theirs))
      expect(text(theirs).at(-1)).toBe('SERVER_ERROR out of memory storing object\r\n')
    })
  })
})
