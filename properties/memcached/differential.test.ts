import { describe, expect, it } from 'vitest'
import type { Engine, EngineOptions } from '../../src/engine/engine.ts'
import { createMemcachedEngine } from '../../src/engine/memcached/memcached-engine.ts'
import { findMemcachedProfile } from '../../src/engine/memcached/profiles.ts'
import type { Command, Word } from '../../src/protocol/command.ts'
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime.ts'
import type { Endpoint, Property, PropertyBroken } from '../property.ts'
import { MEMCACHED_PROPERTIES } from './all-memcached-properties.ts'
import { cas } from './cas.ts'
import { counters } from './counters.ts'
import { cross } from './cross.ts'
import { expiry } from './expiry.ts'
import { flush } from './flush.ts'
import { meta } from './meta.ts'
import { referenceEndpoint } from './reference-endpoint.ts'
import { textStorage } from './text-storage.ts'

const profile = findMemcachedProfile('1.6.18')
const runtime = createVirtualRuntime({ seed: 1 })
const plain = (options: EngineOptions) => createMemcachedEngine(profile, options)

/** An engine that hears something else than it is told. */
function hearing(change: (command: Command) => Command): Endpoint {
  return referenceEndpoint(runtime, (options) => {
    const engine = plain(options)
    const feed = engine.feed.bind(engine)
    return Object.assign(engine, { feed: (session: number, command: Command) => feed(session, change(command)) }) as Engine
  })
}

const name = (command: Command) => Buffer.from(command[0] as Uint8Array).toString()
const text = (word: Word | undefined) => (word === undefined ? '' : Buffer.from(word as Uint8Array).toString('latin1'))

async function broken(property: Property, subject: Endpoint): Promise<PropertyBroken> {
  const result = await property.run({ reference: referenceEndpoint(runtime, plain), subject, prefix: 't:', runs: 1000, seed: 7, reach: 'server' })
  if (result.outcome !== 'broken') throw new Error(`${property.id}: ${result.outcome}`)
  return result
}

const names = (result: PropertyBroken) => result.counterexample.commands.map((command) => String(command[0]))

describe('differential properties', () => {
  it.each(MEMCACHED_PROPERTIES)('$id: is silent about two engines that are alike', async (property) => {
    const options = { reference: referenceEndpoint(runtime, plain), subject: referenceEndpoint(runtime, plain), prefix: 't:', seed: 3 }
    const result = await property.run({ ...options, runs: 60, reach: 'server' })
    expect(result.outcome).toBe('holds')
    expect(result.sequences).toBe(60)
    expect(result.commands).toBeGreaterThan(300)
  })

  it('finds a cas that does not look at its id', async () => {
    const found = await broken(
      cas,
      hearing((c) => (name(c) === 'cas' && c.length >= 6 ? [Buffer.from('set'), ...c.slice(1, 4), ...c.slice(5)] : c)),
    )
    expect(names(found)).toEqual(['cas'])
    expect(found.counterexample).toMatchObject({ expected: 'NOT_FOUND\\r\\n', actual: 'STORED\\r\\n', at: 0 })
  })

  it('finds an append that loses a byte, although its answer is right', async () => {
    const found = await broken(
      textStorage,
      hearing((c) => (name(c) === 'append' ? [...c.slice(0, -1), Buffer.from(text(c.at(-1)).slice(0, -1), 'latin1')] : c)),
    )
    expect(names(found).slice(-2)[0]).toBe('append')
    expect(names(found)).toHaveLength(3)
    expect(names(found)[2]).toMatch(/^gets?$/)
  })

  it('finds a decr that goes through zero', async () => {
    const found = await broken(
      counters,
      hearing((c) =>
        name(c) === 'decr' && text(c[2]) === '100' ? [Buffer.from('incr'), ...c.slice(1, 2), Buffer.from('18446744073709551516'), ...c.slice(3)] : c,
      ),
    )
    expect(names(found)).toHaveLength(2)
    expect(names(found)[1]).toBe('decr')
  })

  it('finds a touch that only says it touched', async () => {
    const found = await broken(
      expiry,
      hearing((c) => (name(c) === 'touch' && text(c[2]) === '-1' ? [c[0]!, c[1]!, Buffer.from('0'), ...c.slice(3)] : c)),
    )
    expect(names(found)).toHaveLength(3)
    expect(names(found)[1]).toBe('touch')
  })

  it('finds a meta set that ignores its mode', async () => {
    const found = await broken(
      meta,
      hearing((c) => (name(c) === 'ms' && c.length === 4 && text(c[2]) === 'ME' ? [c[0]!, c[1]!, c[3]!] : c)),
    )
    expect(names(found)).toHaveLength(2)
    expect(names(found)[1]).toBe('ms')
    expect(found.counterexample).toMatchObject({ expected: expect.stringMatching(/^NS/), actual: expect.stringMatching(/^HD/) })
  })

  it('finds a delete that says noreply and answers', async () => {
    const found = await broken(
      cross,
      hearing((c) => (name(c) === 'delete' && c.length === 3 && text(c[2]) === 'noreply' ? c.slice(0, 2) : c)),
    )
    expect(found.counterexample).toMatchObject({ expected: '(silence)', actual: 'NOT_FOUND\\r\\n' })
    expect(found.counterexample.script).toMatch(/^delete t:\w+:\w+ noreply$/)
  })

  it('finds a flush_all that forgets nothing', async () => {
    const found = await broken(
      flush,
      hearing((c) => (name(c) === 'flush_all' && c.length === 1 ? [c[0]!, Buffer.from('100')] : c)),
    )
    expect(names(found)).toHaveLength(3)
    expect(names(found)[1]).toBe('flush_all')
  })

  it('replays a counterexample by seed and path', async () => {
    const subject = hearing((c) => (name(c) === 'touch' ? [Buffer.from('get'), c[1]!] : c))
    const found = await broken(expiry, subject)
    const again = await expiry.run({
      reference: referenceEndpoint(runtime, plain),
      subject,
      prefix: 't:',
      runs: 1000,
      seed: 7,
      path: found.counterexample.path,
    })
    expect(again.outcome).toBe('broken')
    expect(again.sequences).toBeLessThan(found.sequences)
  })

  it('does not reach the whole server unless it is allowed to', async () => {
    const options = { reference: referenceEndpoint(runtime, plain), subject: referenceEndpoint(runtime, plain), prefix: 't:', seed: 3, runs: 5 }
    expect(await flush.run(options)).toMatchObject({ outcome: 'unknown', sequences: 0 })
  })

  it('has no verdict when the connection is lost', async () => {
    const lost: Endpoint = { name: 'lost', protocol: 2, execute: () => Promise.reject(new Error('lost ended the connection')) }
    const result = await counters.run({ reference: referenceEndpoint(runtime, plain), subject: lost, prefix: 't:', runs: 5, seed: 1 })
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'lost ended the connection' })
  })
})
