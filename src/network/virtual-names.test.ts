import { describe, expect, it } from 'vitest'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import type { NetworkFailure } from './closed.ts'
import type { Network, Resolved } from './network.ts'
import { echoing, Host, Talker } from './talker.contract.ts'
import { onVirtualStage, type VirtualStage } from './virtual-stage.contract.ts'

function resolve({ task }: VirtualStage, network: Network, name: string): Promise<readonly string[] | string> {
  return task.wait<readonly string[] | string>(name, (settle) => {
    network.resolve(name, (result: Resolved | NetworkFailure) => settle(result.why === undefined ? result.addresses : result.why))
  })
}

/** A host of that name, which says it to whoever comes. */
function serve({ network }: VirtualStage, name: string): void {
  const greet = (talker: Talker): void => {
    talker.write(name)
  }
  new Host(network.host(name), { host: name, port: 1 }, undefined, () => new Talker({ accepted: greet }))
}

async function whoAnswers({ client, task }: VirtualStage, name: string): Promise<string> {
  const near = Talker.dial(client, { host: name, port: 1 })
  await near.until(task, 'an answer', () => near.receivedBytes > 0 || near.reason !== undefined)
  near.destroy()
  return near.text || near.reason!.why
}

describe('names of a virtual network', () => {
  it('are believed for their time to live, by each host that has asked', () =>
    onVirtualStage({}, async (stage) => {
      const { network, client, at, sleep } = stage
      network.names.set('primary', ['one'], 5 * SECOND)
      const began = at()
      expect(await resolve(stage, client, 'primary')).toEqual(['one'])
      // The name server is a round trip away, what is remembered is at hand.
      expect(at() - began).toBeCloseTo(2, 1)
      network.names.set('primary', ['two'], 60 * SECOND)
      expect(await resolve(stage, client, 'primary')).toEqual(['one'])
      expect(at() - began).toBeCloseTo(2, 1)
      expect(await resolve(stage, network.host('another'), 'primary')).toEqual(['two'])
      await sleep(4_990)
      expect(await resolve(stage, client, 'primary')).toEqual(['one'])
      await sleep(10)
      expect(await resolve(stage, client, 'primary')).toEqual(['two'])
      network.names.delete('primary')
      await sleep(59_000)
      expect(await resolve(stage, client, 'primary')).toEqual(['two'])
      await sleep(1_000)
      expect(await resolve(stage, client, 'primary')).toBe('name-not-found')
      network.names.set('primary', ['three'], 0)
      expect(await resolve(stage, client, 'primary')).toEqual(['three'])
    }))

  it('are looked up by who dials, who stays where it is when they move', () =>
    onVirtualStage({}, async (stage) => {
      serve(stage, 'one')
      serve(stage, 'two')
      stage.network.names.set('primary', ['one'], 100 * MILLISECOND)
      const first = Talker.dial(stage.client, { host: 'primary', port: 1 })
      await first.until(stage.task, 'an answer', () => first.text === 'one')
      stage.network.names.set('primary', ['two'], 100 * MILLISECOND)
      expect(await whoAnswers(stage, 'primary')).toBe('one')
      await stage.sleep(100)
      expect(await whoAnswers(stage, 'primary')).toBe('two')
      expect(first.reason).toBeUndefined()
    }))

  it('of many addresses stand for the first that answers', () =>
    onVirtualStage({}, async (stage) => {
      const { network, at } = stage
      serve(stage, 'three')
      network.host('off').powerOff()
      network.host('empty')
      network.names.set('many', ['empty', 'off', 'nowhere', 'three'], SECOND)
      const began = at()
      expect(await whoAnswers(stage, 'many')).toBe('three')
      // A round trip to ask for the name, one to be refused, twice 250 ms of silence, and the connection.
      expect(Math.round(at() - began)).toBe(2 + 2 + 500 + 4)
      network.names.set('all refuse', ['empty', 'empty'], SECOND)
      expect(await whoAnswers(stage, 'all refuse')).toBe('refused')
      network.names.set('nobody', [], SECOND)
      expect(await whoAnswers(stage, 'nobody')).toBe('name-not-found')
    }))

  it('are not waited for by who has given up', () =>
    onVirtualStage({ make: echoing }, async ({ network, client, host, task, sleep }) => {
      network.names.set('primary', ['server'], SECOND)
      const near = Talker.dial(client, { host: 'primary', port: 1 })
      near.destroy()
      expect(await near.untilClosed(task)).toBe('destroyed')
      await sleep(10)
      expect(host.accepted).toHaveLength(0)
    }))
})
