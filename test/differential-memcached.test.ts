// needs: memcached

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MEMCACHED_PROPERTIES } from '../properties/memcached/all-memcached-properties.ts'
import { showAnswer } from '../properties/memcached/answer.ts'
import { comparePlan } from '../properties/memcached/compare-plan.ts'
import { MEMCACHED_CORPUS } from '../properties/memcached/corpus.ts'
import { type MarkedEndpoint, markedEndpoint } from '../properties/memcached/marked-endpoint.ts'
import { referenceEndpoint } from '../properties/memcached/reference-endpoint.ts'
import { openSocketExchange, type SocketExchange } from '../properties/memcached/socket-exchange.ts'
import { createMemcachedEngine } from '../src/engine/memcached/memcached-engine.ts'
import { findMemcachedProfile } from '../src/engine/memcached/profiles.ts'
import type { Command } from '../src/protocol/command.ts'
import { createRealRuntime, type RealRuntime } from '../src/runtime/real-runtime.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'

/** The engine against the memcached on this machine. */
let server: LocalServer
let socket: SocketExchange
let runtime: RealRuntime
let subject: MarkedEndpoint
let reference: MarkedEndpoint

beforeAll(async () => {
  server = await startLocalServer({ kind: 'memcached', args: ['-m', '64', '-t', '1'] })
  socket = await openSocketExchange(`memcached ${server.version}`, server.host, server.port)
  runtime = createRealRuntime({ seed: 1 })
  subject = markedEndpoint(socket)
  reference = referenceEndpoint(runtime, (options) => createMemcachedEngine(findMemcachedProfile(server.version), options))
})

afterAll(async () => {
  socket?.close()
  runtime?.close()
  await server?.stop()
})

describe('memcached engine against the real server', () => {
  it.each(MEMCACHED_CORPUS)('corpus: $name', async ({ plan }) => {
    const run = MEMCACHED_CORPUS.findIndex((entry) => entry.plan === plan)
    const { difference } = await comparePlan(plan, 'corpus:', run, reference, subject)
    const shown = difference && {
      command: difference.commands[difference.at],
      engine: showAnswer(difference.expected),
      real: showAnswer(difference.actual),
    }
    expect(shown).toBeUndefined()
  })

  it.each(MEMCACHED_PROPERTIES)('$id: $sentence', async (property) => {
    const result = await property.run({ reference, subject, prefix: 'diff:', runs: 150, seed: 20_261_124, reach: 'server' })
    expect(result.outcome === 'broken' ? result.counterexample : result).toMatchObject({ outcome: 'holds', sequences: 150 })
  })

  it('agrees on when items are over, give or take the tick of a second', async () => {
    const store: Command[] = [
      ...[1, 2, 3, 4, 5].map((ttl): Command => ['set', `ttl:${ttl}`, '0', String(ttl), 'x']),
      ['set', 'ttl:absolute', '0', String(Math.floor(Date.now() / 1000) + 2), 'x'],
      ['set', 'ttl:touched', '0', '1', 'x'],
      ['touch', 'ttl:touched', '100'],
      ['ms', 'ttl:meta', 'T2', 'x'],
    ]
    const look: Command[] = [1, 2, 3, 4, 5, 'absolute', 'touched', 'meta'].map((name): Command => ['get', `ttl:${name}`])
    await Promise.all([reference.execute(store), subject.execute(store)])
    const alive = async (endpoint: MarkedEndpoint) => (await endpoint.execute(look)).map((answer) => answer.length > 5)
    // After 3.2 s what had up to 2 s is gone, whenever the clocks tick, and what had 5 s is there.
    await new Promise((resolve) => setTimeout(resolve, 3_200))
    for (const endpoint of [reference, subject]) {
      const [one, two, , , five, absolute, touched, meta] = await alive(endpoint)
      expect({ name: endpoint.name, one, two, five, absolute, touched, meta }).toEqual({
        name: endpoint.name,
        one: false,
        two: false,
        five: true,
        absolute: false,
        touched: true,
        meta: false,
      })
    }
  })

  it('agrees on a flush_all that is put off', async () => {
    const before: Command[] = [
      ['set', 'flush:a', '0', '0', 'x'],
      ['flush_all', '2'],
      ['set', 'flush:b', '0', '0', 'x'],
      ['get', 'flush:a', 'flush:b'],
    ]
    const after: Command[] = [['get', 'flush:a', 'flush:b'], ['set', 'flush:c', '0', '0', 'x'], ['get', 'flush:c'], ['flush_all']]
    const text = (answers: readonly Uint8Array[]) => answers.map((answer) => Buffer.from(answer).toString())
    expect(text(await subject.execute(before))).toEqual(text(await reference.execute(before)))
    await new Promise((resolve) => setTimeout(resolve, 3_200))
    const real = text(await subject.execute(after))
    expect(real).toEqual(text(await reference.execute(after)))
    expect(real[0]).toBe('END\r\n')
  })
})
