import { describe, expect, it } from 'vitest'
import { SECOND } from '../runtime/runtime.ts'
import { echoing, Host, Talker } from './talker.contract.ts'
import { onVirtualStage } from './virtual-stage.contract.ts'

describe('a dead process', () => {
  it('resets what it had and refuses who comes, until another one listens', () =>
    onVirtualStage({}, async ({ pair, dial, server, task, at }) => {
      const { near, far } = await pair()
      const began = at()
      server.kill()
      expect(await near.untilClosed(task)).toBe('reset')
      expect(at() - began).toBeCloseTo(1, 1)
      expect(await dial().untilClosed(task)).toBe('refused')
      expect(at() - began).toBeCloseTo(3, 1)
      // Its own code does not run any more.
      expect(far.told).toEqual([])
      far.write('from the grave')
      new Host(server, { host: 'server', port: 1 }, undefined, echoing)
      const next = dial()
      next.write('hello')
      await next.until(task, 'an echo', () => next.text === 'hello')
    }))

  it('its resets overtake the data', () =>
    onVirtualStage({}, async ({ pair, server, back, task, at }) => {
      const { near, far } = await pair()
      back.configure({ delay: { medianNanos: SECOND, p99Nanos: SECOND } })
      for (let n = 0; n < 10; n++) far.write('slow')
      back.restore()
      const began = at()
      server.kill()
      expect(await near.untilClosed(task)).toBe('reset')
      expect(at() - began).toBeCloseTo(1, 1)
      expect(near.received).toHaveLength(0)
    }))

  it('is not there for who is still shaking hands', () =>
    onVirtualStage({}, async ({ dial, server, task, sleep }) => {
      const one = dial()
      await sleep(1.5)
      server.kill()
      expect(await one.untilClosed(task)).toBe('reset')
      const other = dial()
      await sleep(0.5)
      expect(await other.untilClosed(task)).toBe('refused')
    }))

  it('that was dialling hears of nothing', () =>
    onVirtualStage({}, async ({ dial, pair, client, sleep, host }) => {
      const { near, far } = await pair()
      const dialling = dial()
      client.kill()
      await sleep(10)
      expect(far.reason?.why).toBe('reset')
      expect([near.told, dialling.told]).toEqual([['connected'], []])
      expect(host.accepted).toHaveLength(1)
    }))
})

describe('a dead host', () => {
  it('is silent: who dials is kept waiting, who speaks gives up after a quarter of an hour, who does not never knows', () =>
    onVirtualStage({}, async ({ pair, dial, server, task, at }) => {
      const talking = await pair()
      const silent = await pair()
      server.powerOff()
      const began = at()
      talking.near.write('hello?')
      const dialling = dial()
      expect(await dialling.untilClosed(task)).toBe('timed-out')
      expect(Math.round(at() - began)).toBe(127_000)
      expect(talking.near.reason).toBeUndefined()
      expect(await talking.near.untilClosed(task)).toBe('timed-out')
      expect(Math.round(at() - began)).toBe(924_600)
      expect(silent.near.told).toEqual(['connected'])
    }))

  it('does not shake hands any more', () =>
    onVirtualStage({}, async ({ client, server, task, sleep }) => {
      new Host(server, { host: 'server', port: 2 }, { tls: {} }, echoing)
      const near = Talker.dial(client, { host: 'server', port: 2 }, { tls: {} })
      await sleep(2.5)
      server.powerOff()
      expect(await near.untilClosed(task)).toBe('timed-out')
      expect(near.told).toEqual(['closed'])
    }))

  it('that is back knows of nothing, and says so to who speaks', () =>
    onVirtualStage({}, async ({ pair, dial, server, task, at, sleep }) => {
      const { near } = await pair()
      const began = at()
      server.powerOff()
      near.write('hello?')
      await sleep(1_000)
      server.powerOn()
      expect(await near.untilClosed(task)).toBe('reset')
      expect(Math.round(at() - began)).toBe(1_402)
      expect(await dial().untilClosed(task)).toBe('refused')
    }))

  it('loses what is on its way to it, and what it had sent arrives', () =>
    onVirtualStage({}, async ({ pair, server, task, sleep }) => {
      const { near, far } = await pair()
      near.write('to whom?')
      far.write('the last words')
      await sleep(0.5)
      server.powerOff()
      await near.until(task, 'the last words', () => near.text === 'the last words')
      await sleep(100)
      expect(near.reason).toBeUndefined()
      server.powerOn()
      expect(await near.untilClosed(task)).toBe('reset')
      expect(far.told).toEqual([])
    }))

  it('sends nothing again that was lost or has not left', () =>
    onVirtualStage({}, async ({ pair, server, back, sleep }) => {
      const lost = await pair()
      const held = await pair()
      back.configure({ blackholed: true })
      lost.far.write('lost')
      back.configure({ blackholed: false, held: true })
      held.far.write('held')
      server.powerOff()
      back.restore()
      await sleep(10_000)
      expect([lost.near.text, held.near.text]).toEqual(['', ''])
    }))
})

describe('a frozen process', () => {
  it('its system accepts and acknowledges, nobody is answered, and everything comes when it goes on', () =>
    onVirtualStage({ make: echoing, tcp: { sendBufferBytes: 10_000 } }, async ({ pair, dial, host, server, task, sleep }) => {
      const { near, far } = await pair()
      server.freeze()
      // More than the send buffer: what was sent has been taken.
      for (let n = 0; n < 10; n++) {
        near.write(Buffer.alloc(9_000, n))
        await sleep(10)
      }
      expect(near.connection.unsentBytes).toBe(0)
      const late = dial()
      late.write('me too')
      await late.untilTold(task, 'connected')
      near.end()
      await sleep(3_600_000)
      expect([near.told, late.told]).toEqual([['connected'], ['connected']])
      expect(host.accepted).toHaveLength(1)
      expect(far.told).toEqual([])
      server.thaw()
      expect(await near.untilClosed(task)).toBe('ended by us')
      expect(near.receivedBytes).toBe(90_000)
      await late.until(task, 'an answer', () => late.text === 'me too')
    }))

  it('may freeze again before it has come to anything', () =>
    onVirtualStage({ make: echoing }, async ({ pair, dial, host, server, task, sleep }) => {
      const { near, far } = await pair()
      server.freeze()
      near.write('hello')
      const late = dial()
      await late.untilTold(task, 'connected')
      await sleep(10)
      server.thaw()
      server.freeze()
      await sleep(10)
      expect(far.told).toEqual([])
      expect(host.accepted).toHaveLength(1)
      server.thaw()
      await near.until(task, 'an echo', () => near.text === 'hello')
    }))

  it('lets no more in than its system keeps', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 5_000, receiveBufferBytes: 20_000 } }, async ({ pair, server, task, sleep }) => {
      const { near, far } = await pair()
      server.freeze()
      let written = 0
      for (let n = 0; n < 100 && near.write(Buffer.alloc(1_000)); n++) {
        written += 1_000
        await sleep(10)
      }
      expect(written).toBe(24_000)
      server.thaw()
      await far.until(task, 'all', () => far.receivedBytes === 25_000)
      await near.untilTold(task, 'drained')
    }))

  it('that lets nobody in and dies with its host is silent like any other', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 5_000, receiveBufferBytes: 5_000 } }, async ({ pair, server, task, sleep }) => {
      const { near } = await pair()
      server.freeze()
      for (let n = 0; n < 20; n++) near.write(Buffer.alloc(1_000))
      await sleep(10)
      server.powerOff()
      expect(await near.untilClosed(task)).toBe('timed-out')
    }))

  it('whose connection has timed out answers with a reset whom it had let wait', () =>
    onVirtualStage({ tcp: { receiveBufferBytes: 5_000, giveUpAfterNanos: 2 * SECOND } }, async ({ pair, server, back, task, sleep }) => {
      const { near, far } = await pair()
      server.freeze()
      for (let n = 0; n < 20; n++) near.write(Buffer.alloc(1_000))
      await sleep(10)
      back.configure({ blackholed: true })
      far.write('unheard')
      await sleep(1_990)
      back.restore()
      await sleep(100)
      expect(near.reason).toBeDefined()
      server.thaw()
      expect(await far.untilClosed(task)).toBe('timed-out')
    }))

  it('lets a sender wait as long as it takes, also one whose last words were lost', () =>
    onVirtualStage({ tcp: { receiveBufferBytes: 5_000, giveUpAfterNanos: 2 * SECOND } }, async ({ pair, server, there, task, sleep }) => {
      const { near, far } = await pair()
      server.freeze()
      near.write(Buffer.alloc(5_000))
      await sleep(10)
      near.write('not let in')
      there.configure({ blackholed: true })
      near.write('lost')
      await sleep(100)
      there.restore()
      await sleep(60_000)
      expect(near.reason).toBeUndefined()
      server.thaw()
      await far.until(task, 'all', () => far.receivedBytes === 5_014)
    }))

  it('answers nobody more when its backlog is full, who dials again in time gets in', () =>
    onVirtualStage({ tcp: { backlog: 2 } }, async ({ dial, server, host, task, at, sleep }) => {
      server.freeze()
      const began = at()
      const three = [dial(), dial(), dial()]
      await sleep(2_000)
      expect(three.map(({ told }) => told)).toEqual([['connected'], ['connected'], []])
      server.thaw()
      await three[2]!.untilTold(task, 'connected')
      expect(Math.round(at() - began)).toBe(3_002)
      await host.nth(task, 3)
      // Nothing is left of those that were waiting.
      server.freeze()
      const more = [dial(), dial()]
      for (const talker of more) await talker.untilTold(task, 'connected')
    }))

  it('does not shake hands for TLS, which it has to do itself', () =>
    onVirtualStage({}, async ({ client, server, task, at, sleep }) => {
      new Host(server, { host: 'server', port: 2 }, { tls: {} }, echoing)
      server.freeze()
      const began = at()
      const near = Talker.dial(client, { host: 'server', port: 2 }, { tls: {} })
      await sleep(1_000)
      expect(near.told).toEqual([])
      server.thaw()
      await near.untilTold(task, 'connected')
      expect(Math.round(at() - began)).toBe(1_001)
      server.freeze()
      const other = Talker.dial(client, { host: 'server', port: 2 }, { tls: {} })
      await sleep(1_000)
      server.kill()
      expect(await other.untilClosed(task)).toBe('reset')
      expect(Math.round(at() - began)).toBe(2_002)
    }))

  it('that is reset meanwhile loses what it had not read', () =>
    onVirtualStage({}, async ({ pair, server, client, task, sleep }) => {
      const { near, far } = await pair()
      server.freeze()
      near.write('unread')
      await sleep(5)
      client.kill()
      await sleep(5)
      server.thaw()
      expect(await far.untilClosed(task)).toBe('reset')
      expect(far.told).toEqual(['closed'])
    }))

  it('can be killed, and nothing of it comes back', () =>
    onVirtualStage({}, async ({ pair, dial, server, task, sleep }) => {
      const { near, far } = await pair()
      server.freeze()
      near.write('unread')
      const late = dial()
      await sleep(5)
      server.kill()
      server.thaw()
      expect(await near.untilClosed(task)).toBe('reset')
      expect(await late.untilClosed(task)).toBe('reset')
      expect(far.told).toEqual([])
    }))

  it('on the side that dials is told when it goes on', () =>
    onVirtualStage({}, async ({ dial, host, client, task, sleep }) => {
      const near = dial()
      client.freeze()
      const far = await host.nth(task)
      far.write('welcome')
      const refused = Talker.dial(client, { host: 'server', port: 9 })
      await sleep(1_000)
      expect([near.told, refused.told]).toEqual([[], []])
      client.thaw()
      await near.until(task, 'welcome', () => near.text === 'welcome')
      expect(await refused.untilClosed(task)).toBe('refused')
      expect(near.told).toEqual(['connected', 'data'])
    }))
})

describe('a listener', () => {
  it('that closes does not take whom it has answered, and resets him', () =>
    onVirtualStage({}, async ({ dial, host, task, sleep }) => {
      const near = dial()
      await sleep(1.5)
      host.listener.close()
      expect(await near.untilClosed(task)).toBe('reset')
      expect(host.accepted).toHaveLength(0)
    }))

  it('does not count who has given up before he was connected', () =>
    onVirtualStage({ tcp: { backlog: 2 } }, async ({ dial, host, task, sleep }) => {
      for (let n = 0; n < 3; n++) {
        const near = dial()
        await sleep(1.5)
        near.destroy()
      }
      await sleep(10)
      await dial().untilTold(task, 'connected')
      await host.nth(task)
      expect(host.accepted).toHaveLength(1)
    }))
})

describe('TLS on a virtual network', () => {
  it('costs one round trip more, and says that it is modelled', () =>
    onVirtualStage({}, async ({ client, server, task, at }) => {
      let acceptedAt = 0
      const accept = (): Talker => {
        acceptedAt = at()
        return echoing()
      }
      const secure = new Host(server, { host: 'server', port: 2 }, { tls: {} }, accept)
      const began = at()
      const near = Talker.dial(client, { host: 'server', port: 2 }, { tls: {} })
      await near.untilTold(task, 'connected')
      expect(at() - began).toBe(4)
      expect(near.connection.encryption).toBe('modelled')
      near.write('hi')
      await near.until(task, 'an echo', () => near.text === 'hi')
      expect(acceptedAt - began).toBe(5)
      expect(secure.result).toEqual({ why: undefined, address: { host: 'server', port: 2 } })
    }))

  it('is not spoken with who does not speak it', () =>
    onVirtualStage({}, async ({ client, server, task }) => {
      new Host(server, { host: 'server', port: 2 }, { tls: {} }, echoing)
      const secure = Talker.dial(client, { host: 'server', port: 1 }, { tls: {} })
      expect(await secure.untilClosed(task)).toBe('tls')
      const plain = Talker.dial(client, { host: 'server', port: 2 })
      expect(await plain.untilClosed(task)).toBe('reset')
    }))
})

describe('addresses of a virtual network', () => {
  it('a host listens at itself only, and there are no unix sockets', () =>
    onVirtualStage({}, async ({ server, client, task }) => {
      const elsewhere = await task.wait<unknown>('listening', (settle) => server.listen({ host: 'client', port: 1 }, () => new Talker(), settle))
      expect(elsewhere).toMatchObject({ why: 'other', code: 'EADDRNOTAVAIL' })
      expect(() => client.dial({ path: '/tmp/socket' }, new Talker())).toThrow(RangeError)
      const any = await task.wait<unknown>('listening', (settle) => server.listen({ host: '0.0.0.0', port: 0 }, () => new Talker(), settle))
      expect(any).toMatchObject({ why: undefined })
    }))
})
