import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { delegate } from '../../test/support/delegate.ts'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import type { LinkSettings } from './link-settings.ts'
import { type NetworkSubject, networkContract } from './network.contract.ts'
import { Host, Talker } from './talker.contract.ts'
import { VirtualNetwork, type VirtualNetworkOptions } from './virtual-network.ts'
import { onVirtualStage, type VirtualStage } from './virtual-stage.contract.ts'

function subject(options: Omit<VirtualNetworkOptions, 'runtime'> = {}, differs: Partial<NetworkSubject> = {}): NetworkSubject {
  const runtime = createVirtualRuntime({ seed: 1 })
  const network = new VirtualNetwork({ runtime, ...options })
  return {
    runtime,
    server: network.host('server'),
    client: network.host('client'),
    address: () => ({ host: 'server', port: 0 }),
    nobody: { host: 'server', port: 1 },
    unknownName: 'nobody.invalid',
    encryption: 'none',
    close: () => {},
    ...differs,
  }
}

const BAD_LINK = { delay: { medianNanos: 2 * MILLISECOND, p99Nanos: 40 * MILLISECOND }, loss: 0.2, bytesPerSecond: 50_000_000 }

networkContract('virtual', () => subject())
networkContract('virtual, TLS', () => subject({}, { encryption: 'modelled', listening: { tls: {} }, dialling: { tls: {} } }))
networkContract('virtual, a bad link', () => subject({ link: BAD_LINK }))
networkContract('virtual, small buffers', () => subject({ tcp: { sendBufferBytes: 3_000, receiveBufferBytes: 2_000 } }))
networkContract('virtual, on real time', () => {
  const runtime = createRealRuntime({ seed: 1 })
  const network = new VirtualNetwork({ runtime })
  return { ...subject(), runtime, server: network.host('server'), client: network.host('client'), close: () => runtime.close() }
})

/** Something that happens to two talkers and what is between them. */
type Blow =
  | { readonly kind: 'say'; readonly from: 'near' | 'far'; readonly bytes: number }
  | { readonly kind: 'set'; readonly link: 'there' | 'back'; readonly to: Partial<LinkSettings> }
  | { readonly kind: 'read'; readonly who: 'near' | 'far'; readonly on: boolean }
  | { readonly kind: 'run'; readonly whom: 'client' | 'server'; readonly on: boolean }

/** None of these loses a connection for good. */
const blows = fc.array(
  fc.tuple(
    fc.oneof<fc.Arbitrary<Blow>[]>(
      fc.record({ kind: fc.constant('say'), from: fc.constantFrom('near', 'far'), bytes: fc.integer({ min: 1, max: 9_000 }) }),
      fc.record({
        kind: fc.constant('set'),
        link: fc.constantFrom('there', 'back'),
        to: fc.constantFrom<Partial<LinkSettings>[]>(
          { blackholed: true },
          { blackholed: false },
          { held: true },
          { held: false },
          { loss: 0.4 },
          { loss: 0 },
          { bytesPerSecond: 20_000 },
          { bytesPerSecond: Number.POSITIVE_INFINITY },
          { delay: { medianNanos: MILLISECOND, p99Nanos: 60 * MILLISECOND } },
        ),
      }),
      fc.record({ kind: fc.constant('read'), who: fc.constantFrom('near', 'far'), on: fc.boolean() }),
      fc.record({ kind: fc.constant('run'), whom: fc.constantFrom('client', 'server'), on: fc.boolean() }),
    ),
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 800 })),
  ),
  { maxLength: 40 },
)

/** What was said by each and heard by the other, after everything has been healed. */
async function play(stage: VirtualStage, sequence: readonly (readonly [Blow, number])[]): Promise<readonly (readonly [Buffer, Buffer])[]> {
  const { near, far } = await stage.pair()
  const said = { near: [] as Buffer[], far: [] as Buffer[] }
  let value = 0
  for (const [blow, pauseMillis] of sequence) {
    if (blow.kind === 'say') {
      const bytes = Buffer.from(Array.from({ length: blow.bytes }, () => (value = (value * 31 + 7) & 0xff)))
      said[blow.from].push(Buffer.from(bytes))
      ;({ near, far })[blow.from].write(bytes)
      bytes.fill(0xee)
    } else if (blow.kind === 'set') stage[blow.link].configure(blow.to)
    else if (blow.kind === 'read') ({ near, far })[blow.who][blow.on ? 'resume' : 'pause']()
    else stage[blow.whom][blow.on ? 'thaw' : 'freeze']()
    if (pauseMillis > 0) await stage.sleep(pauseMillis)
  }
  for (const talker of [near, far]) talker.resume()
  for (const host of [stage.client, stage.server]) host.thaw()
  for (const link of [stage.there, stage.back]) link.restore()
  // Whatever still counts on silence has given up by then.
  await stage.sleep(100_000)
  near.end()
  far.end()
  await near.untilClosed(stage.task)
  await far.untilClosed(stage.task)
  expect([near.connection.unsentBytes, far.connection.unsentBytes]).toEqual([0, 0])
  return [
    [Buffer.concat(said.near), far.received],
    [Buffer.concat(said.far), near.received],
  ]
}

describe('a virtual network', () => {
  it('loses nothing and mixes nothing up, whatever happens on the way, and does it again by its seed', async () => {
    await fc.assert(
      fc.asyncProperty(blows, fc.nat({ max: 1_000 }), async (sequence, seed) => {
        const traces: string[] = []
        for (let round = 0; round < 2; round++) {
          const options = { seed, tcp: { sendBufferBytes: 20_000, receiveBufferBytes: 15_000, giveUpAfterNanos: 50 * SECOND } }
          const trace = await onVirtualStage(options, async (stage) => {
            for (const [said, heard] of await play(stage, sequence)) expect(heard.equals(said)).toBe(true)
          })
          traces.push(trace)
        }
        expect(traces[1]).toBe(traces[0])
      }),
      { seed: 20261127, numRuns: 300 },
    )
  })

  it('differs by its seed', async () => {
    const trace = (seed: number): Promise<string> =>
      onVirtualStage({ seed, link: BAD_LINK }, async (stage) => {
        await play(stage, [[{ kind: 'say', from: 'near', bytes: 500 }, 0]])
      })
    expect(await trace(1)).toBe(await trace(1))
    expect(await trace(1)).not.toBe(await trace(2))
  })

  it('costs two events a call, and those that reach a quiet end are quiet', async () => {
    const inner = createVirtualRuntime({ seed: 1 })
    const events = { quiet: 0, loud: 0 }
    const runtime = delegate(inner, {
      after: (delay, fire, quiet) => {
        events[quiet ? 'quiet' : 'loud']++
        return inner.after(delay, fire, quiet)
      },
    })
    const network = new VirtualNetwork({ runtime })
    await inner.run('calls', async (task) => {
      const server = network.host('server')
      const answering = (): Talker => {
        const talker: Talker = new Talker({ data: () => talker.write('answer') }, true)
        return talker
      }
      const host = new Host(server, { host: 'server', port: 1 }, undefined, answering)
      const client = Talker.dial(network.host('client'), await host.address(task))
      await host.nth(task)
      events.quiet = events.loud = 0
      for (let n = 1; n <= 1_000; n++) {
        client.write('question')
        await client.until(task, 'an answer', () => client.receivedBytes === 6 * n)
      }
      expect(events).toEqual({ quiet: 1_000, loud: 1_000 })
      // What travels together arrives in one event.
      for (let n = 0; n < 100; n++) client.write('question')
      await client.until(task, 'all answers', () => client.receivedBytes === 6 * 1_100)
      expect(events.loud).toBeLessThan(1_030)
    })
  })

  it('runs as long as it is asked to: nothing is left behind by what has closed', async () => {
    const inner = createVirtualRuntime({ seed: 1 })
    let pending = 0
    const runtime = delegate(inner, {
      after: (delay, fire, quiet) => {
        pending++
        const timer = inner.after(
          delay,
          () => {
            pending--
            fire()
          },
          quiet,
        )
        let cancelled = false
        return {
          cancel: () => {
            if (!cancelled) pending--
            cancelled = true
            timer.cancel()
          },
        }
      },
    })
    const network = new VirtualNetwork({ runtime })
    await inner.run('calls', async (task) => {
      const host = new Host(network.host('server'), { host: 'server', port: 1 }, undefined, () => {
        const talker: Talker = new Talker({ ended: () => talker.end() })
        return talker
      })
      const address = await host.address(task)
      for (let n = 0; n < 20; n++) {
        const client = Talker.dial(network.host('client'), address)
        client.write('hello')
        client.end()
        expect(await client.untilClosed(task)).toBe('ended by us')
      }
      await task.sleep(SECOND)
      expect(pending).toBe(0)
    })
  })
})
