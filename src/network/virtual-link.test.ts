import { describe, expect, it } from 'vitest'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import type { NetworkFailure } from './closed.ts'
import { Host, Talker } from './talker.contract.ts'
import { constant, onVirtualStage, type VirtualStage } from './virtual-stage.contract.ts'

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * sorted.length)]!

/** Sends so many single bytes, each when the last one has arrived: how long each of them took, in ms. */
async function delaysOf({ task, at }: VirtualStage, from: Talker, to: Talker, count: number): Promise<number[]> {
  const delays: number[] = []
  for (let n = 0; n < count; n++) {
    const began = at()
    const wanted = to.receivedBytes + 1
    from.write('x')
    await to.until(task, 'a byte', () => to.receivedBytes === wanted)
    delays.push(at() - began)
  }
  return delays
}

describe('the time on the way', () => {
  it('is a round trip to connect, half of one more to be accepted, and one way for what is said', () =>
    onVirtualStage({}, async ({ dial, host, task, at }) => {
      const near = dial()
      near.write('early')
      await near.untilTold(task, 'connected')
      expect(at()).toBe(2)
      const far = await host.nth(task)
      expect(at()).toBe(3)
      await far.until(task, 'early', () => far.text === 'early')
      expect(at()).toBe(3)
      far.write('answer')
      await near.until(task, 'answer', () => near.text === 'answer')
      expect(at()).toBe(4)
      near.end()
      await far.untilTold(task, 'ended')
      expect(at()).toBe(5)
    }))

  it('has the quantiles that its link is set to, in each direction', () =>
    onVirtualStage({}, async (stage) => {
      const { near, far } = await stage.pair()
      stage.there.configure({ delay: { medianNanos: MILLISECOND, p99Nanos: 5 * MILLISECOND } })
      stage.back.configure({ delay: { medianNanos: 7 * MILLISECOND, p99Nanos: 9 * MILLISECOND } })
      const there = (await delaysOf(stage, near, far, 6_000)).sort((a, b) => a - b)
      const back = (await delaysOf(stage, far, near, 6_000)).sort((a, b) => a - b)
      expect(quantile(there, 0.5)).toBeCloseTo(1, 1)
      expect(quantile(there, 0.99) / 5).toBeCloseTo(1, 0.7)
      expect(quantile(back, 0.5) / 7).toBeCloseTo(1, 1)
      expect(quantile(back, 0.99) / 9).toBeCloseTo(1, 1)
    }))

  it('is drawn by connection, direction and segment: what others do changes nothing', async () => {
    const jitter = { delay: { medianNanos: MILLISECOND, p99Nanos: 30 * MILLISECOND } }
    const alone: number[] = []
    const amongOthers: number[] = []
    const other: number[] = []
    await onVirtualStage({ link: jitter }, async (stage) => {
      const { near, far } = await stage.pair()
      alone.push(...(await delaysOf(stage, near, far, 50)))
    })
    await onVirtualStage({ link: jitter }, async (stage) => {
      const { near, far } = await stage.pair()
      const second = await stage.pair()
      const third = stage.network.host('third')
      third.dial({ host: 'server', port: 1 }, second.near)
      amongOthers.push(...(await delaysOf(stage, near, far, 25)))
      other.push(...(await delaysOf(stage, second.near, second.far, 50)))
      far.write('an answer')
      amongOthers.push(...(await delaysOf(stage, near, far, 25)))
    })
    expect(amongOthers.map((delay) => delay.toFixed(3))).toEqual(alone.map((delay) => delay.toFixed(3)))
    // The answers of one connection and the questions of another that was dialled the other way share a link and no draw.
    await onVirtualStage({ link: jitter }, async (stage) => {
      const { near, far } = await stage.pair()
      const host = new Host(stage.client, { host: 'client', port: 1 })
      const backward = Talker.dial(stage.server, { host: 'client', port: 1 })
      const answered = await delaysOf(stage, far, near, 50)
      const asked = await delaysOf(stage, backward, await host.nth(stage.task), 50)
      expect(new Set([...answered, ...asked].map((delay) => delay.toFixed(3))).size).toBeGreaterThan(95)
    })
    expect(new Set([...alone, ...other].map((delay) => delay.toFixed(3))).size).toBeGreaterThan(95)
  })

  it('never lets what was said later come first, and what comes together is told together', () =>
    onVirtualStage({ link: { delay: { medianNanos: MILLISECOND, p99Nanos: 90 * MILLISECOND } } }, async ({ pair, task, runtime }) => {
      const { near, far } = await pair()
      const instants = new Set<number>()
      far.also.data = () => instants.add(runtime.now())
      for (let n = 0; n < 500; n++) near.write(`${n},`)
      near.end()
      await far.untilTold(task, 'ended')
      expect(far.text).toBe(`${Array.from({ length: 500 }, (_, n) => n).join(',')},`)
      // The slowest of many holds up those behind it.
      expect(instants.size).toBeLessThan(30)
    }))

  it('is as it is set from then on, and as it was when it is restored', () =>
    onVirtualStage({}, async (stage) => {
      const { near, far } = await stage.pair()
      stage.there.configure(constant(50 * MILLISECOND))
      expect(await delaysOf(stage, near, far, 2)).toEqual([50, 50])
      expect(await delaysOf(stage, far, near, 1)).toEqual([1])
      stage.there.configure({ bytesPerSecond: 100 })
      expect(await delaysOf(stage, near, far, 2)).toEqual([60, 60])
      stage.there.restore()
      expect(await delaysOf(stage, near, far, 1)).toEqual([1])
      expect(stage.there.settings).toEqual(stage.back.settings)
    }))

  it('refuses settings that are none, and keeps those it had', () =>
    onVirtualStage({}, ({ there, network }) => {
      const before = there.settings
      for (const wrong of [
        { loss: 1 },
        { loss: -0.1 },
        { loss: Number.NaN },
        { bytesPerSecond: 0 },
        { delay: { medianNanos: 0, p99Nanos: 5 } },
        { delay: { medianNanos: 5, p99Nanos: 4 } },
      ]) {
        expect(() => there.configure(wrong)).toThrow(RangeError)
        expect(there.settings).toBe(before)
      }
      expect(network.link('client', 'server')).toBe(there)
      return Promise.resolve()
    }))
})

describe('bandwidth', () => {
  it('is shared by all connections of a link, in the order in which they send, and by nobody else', () =>
    onVirtualStage({}, async ({ pair, there, task, at, network, host }) => {
      const bulk = await pair()
      const small = await pair()
      const elsewhere = network.host('elsewhere')
      there.configure({ bytesPerSecond: 1_000_000 })
      const began = at()
      bulk.near.write(Buffer.alloc(500_000))
      small.near.write('behind it')
      await small.far.until(task, 'the small one', () => small.far.text === 'behind it')
      expect(bulk.far.receivedBytes).toBe(500_000)
      expect(at() - began).toBeCloseTo(500 + 0.009 + 1, 2)
      // The other direction and other links have nothing to do with it.
      bulk.near.write(Buffer.alloc(500_000))
      const answered = at()
      small.far.write('up')
      await small.near.until(task, 'an answer', () => small.near.text === 'up')
      expect(at() - answered).toBe(1)
      const third = Talker.dial(elsewhere, { host: 'server', port: 1 })
      await third.untilTold(task, 'connected')
      expect(at() - answered).toBe(3)
      expect(host.accepted.length).toBe(2)
    }))
})

describe('the send buffer', () => {
  it('bounds what is on its way: no more of it leaves in a round trip, however much is written', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 10_000 } }, async ({ pair, task, at }) => {
      const { near, far } = await pair()
      const began = at()
      for (let n = 0; n < 50; n++) near.write(Buffer.alloc(2_000))
      expect(near.connection.unsentBytes).toBe(90_000)
      await far.until(task, 'all', () => far.receivedBytes === 100_000)
      // The last of ten buffers leaves after nine round trips.
      expect(at() - began).toBe(9 * 2 + 1)
    }))
})

describe('who writes more than the send buffer takes', () => {
  it('is told when a third of it is free', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 30_000 } }, async ({ pair, there, task, at }) => {
      const { near } = await pair()
      there.configure({ bytesPerSecond: 1_000_000 })
      const began = at()
      for (let n = 0; n < 30; n++) near.write(Buffer.alloc(1_000))
      await near.untilTold(task, 'drained')
      // Ten milliseconds for ten of them, one on the way and one for the news of it; one more until the next news.
      expect(Math.round(at() - began)).toBeGreaterThanOrEqual(12)
      expect(Math.round(at() - began)).toBeLessThanOrEqual(13)
    }))

  it('and destroys, takes the rest with him', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 10_000 } }, async ({ pair, task }) => {
      const { near, far } = await pair()
      for (let n = 0; n < 50; n++) near.write(Buffer.alloc(2_000))
      near.destroy()
      await far.untilTold(task, 'ended')
      expect(far.receivedBytes).toBe(10_000)
    }))

  it('and ends, is closed once all of it is taken', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 10_000, receiveBufferBytes: 10_000 } }, async ({ pair, task, sleep }) => {
      const { near, far } = await pair()
      near.end()
      await far.untilTold(task, 'ended')
      near.pause()
      for (let n = 0; n < 50; n++) far.write(Buffer.alloc(2_000))
      far.end()
      await sleep(1_000)
      expect(far.reason).toBeUndefined()
      near.resume()
      expect(await far.untilClosed(task)).toBe('ended by peer')
      expect(await near.untilClosed(task)).toBe('ended by us')
      expect(near.receivedBytes).toBe(100_000)
    }))
})

describe('what comes just when a reader goes on', () => {
  it('stands behind what was kept for him', () =>
    onVirtualStage({}, async ({ pair, task, runtime, sleep }) => {
      const { near, far } = await pair()
      far.pause()
      near.write('one')
      await sleep(5)
      runtime.after(MILLISECOND, () => far.resume())
      near.write('two')
      await far.until(task, 'both', () => far.receivedBytes === 6)
      expect(far.text).toBe('onetwo')
    }))
})

describe('loss', () => {
  it('costs a retransmission time-out of 200 ms that doubles each time in vain', () =>
    onVirtualStage({}, async (stage) => {
      const { near, far } = await stage.pair()
      stage.there.configure({ loss: 0.5 })
      const delays = await delaysOf(stage, near, far, 400)
      // 200 ms, 200 + 400, and so on, at most two minutes each, with the millisecond on the way.
      const sums = [0]
      for (let n = 0; n < 15; n++) sums.push(sums[n]! + Math.min(200 * 2 ** n, 120_000))
      const losses = delays.map((delay) => sums.indexOf(Math.round(delay) - 1))
      expect(losses).not.toContain(-1)
      const share = (count: number): number => losses.filter((lost) => lost === count).length / losses.length
      for (const [count, expected] of [0.5, 0.25, 0.125].entries()) expect(Math.abs(share(count) - expected)).toBeLessThan(0.07)
    }))

  it('delays all that is behind, leaves no gap, and what was not lost is not sent again', () =>
    onVirtualStage({}, async ({ pair, there, task, at }) => {
      const { near, far } = await pair()
      there.configure({ loss: 0.3 })
      const instants: number[] = []
      far.also.data = (chunk) => instants.push(...Array.from(chunk, () => at()))
      const began = at()
      for (let n = 0; n < 100; n++) near.write(Buffer.of(n))
      await far.until(task, 'all', () => far.receivedBytes === 100)
      expect([...far.received]).toEqual(Array.from({ length: 100 }, (_, n) => n))
      expect(instants).toEqual([...instants].sort((a, b) => a - b))
      // All that were lost at first are sent again together: 200 ms, 600 ms, ...
      const waves = [...new Set(instants.map((instant) => Math.round(instant - began)))]
      for (const wave of waves) expect([1, 201, 601, 1401, 3001]).toContain(wave)
      expect(waves.length).toBeGreaterThan(1)
    }))

  it('of a step of the handshake costs a second that doubles', () =>
    onVirtualStage({ seed: 5 }, async ({ dial, there, task, at }) => {
      const waits = new Set<number>()
      there.configure({ loss: 0.5 })
      for (let n = 0; n < 40; n++) {
        const began = at()
        const near = dial()
        await near.untilTold(task, 'connected')
        waits.add(Math.round(at() - began))
        near.destroy()
      }
      for (const wait of waits) expect([2, 1_002, 3_002, 7_002, 15_002, 31_002, 63_002]).toContain(wait)
      expect(waits.size).toBeGreaterThan(2)
    }))
})

describe('a blackhole', () => {
  it('is survived, and what was sent comes with the first retransmission behind it', () =>
    onVirtualStage({}, async ({ pair, there, task, at, sleep }) => {
      const { near, far } = await pair()
      const began = at()
      there.configure({ blackholed: true })
      near.write('into ')
      await sleep(900)
      expect(near.write('the void')).toBe(true)
      there.restore()
      await far.until(task, 'all', () => far.text === 'into the void')
      // 200, 600 and 1400 ms after it was sent; what came later waits for the same.
      expect(at() - began).toBe(1_401)
      near.write('!')
      await far.until(task, 'one more', () => far.text === 'into the void!')
      expect(at() - began).toBe(1_402)
    }))

  it('fills the send buffer, and only then holds the writer back', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 100_000 } }, async ({ pair, there, task, sleep }) => {
      const { near, far } = await pair()
      there.configure({ blackholed: true })
      for (let n = 0; n < 9; n++) expect(near.write(Buffer.alloc(10_000))).toBe(true)
      expect(near.connection.unsentBytes).toBe(0)
      expect(near.write(Buffer.alloc(10_001))).toBe(false)
      expect(near.connection.unsentBytes).toBe(1)
      await sleep(10_000)
      expect(near.told).toEqual(['connected'])
      there.restore()
      await near.untilTold(task, 'drained')
      await far.until(task, 'all', () => far.receivedBytes === 100_001)
      expect(near.connection.unsentBytes).toBe(0)
    }))

  it('ends in ETIMEDOUT when the system gives up, and not before', () =>
    onVirtualStage({}, async ({ pair, there, task, at, sleep }) => {
      const { near, far } = await pair()
      there.configure({ blackholed: true })
      const began = at()
      near.write('hello?')
      await sleep(924_500)
      expect(near.reason).toBeUndefined()
      expect(await near.untilClosed(task)).toBe('timed-out')
      expect((near.reason as NetworkFailure).code).toBe('ETIMEDOUT')
      expect(Math.round(at() - began)).toBe(924_600)
      // The other side has heard nothing; it learns when it speaks.
      expect(far.told).toEqual([])
      there.restore()
      far.write('still there?')
      expect(await far.untilClosed(task)).toBe('reset')
    }))

  it('that was short at each time does not add up', () =>
    onVirtualStage({ tcp: { giveUpAfterNanos: 2 * SECOND } }, async ({ pair, there, task, sleep }) => {
      const { near, far } = await pair()
      for (let n = 1; n <= 5; n++) {
        there.configure({ blackholed: true })
        near.write('x')
        await sleep(1_000)
        there.restore()
        await far.until(task, 'x', () => far.receivedBytes === n)
      }
      expect(near.reason).toBeUndefined()
    }))

  it('the patience of a system begins anew with all that gets through', () =>
    onVirtualStage({ seed: 2, tcp: { giveUpAfterNanos: 2 * SECOND } }, async ({ pair, there, at, sleep }) => {
      const { near, far } = await pair()
      there.configure({ loss: 0.7 })
      const began = at()
      let last = 0
      far.also.data = () => {
        last = at() - began
      }
      for (let n = 0; n < 300; n++) near.write('x')
      await sleep(60_000)
      expect(near.reason).toBeUndefined()
      expect(far.receivedBytes).toBe(300)
      expect(last).toBeGreaterThan(2_500)
    }))

  it('of one direction swallows the acknowledgements of the other, not its bytes', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 50_000, giveUpAfterNanos: 60 * SECOND } }, async ({ pair, back, task, at, sleep }) => {
      const { near, far } = await pair()
      back.configure({ blackholed: true })
      const began = at()
      expect(near.write(Buffer.alloc(60_000))).toBe(false)
      await far.until(task, 'all', () => far.receivedBytes === 60_000)
      expect(at() - began).toBe(1)
      await sleep(10_000)
      expect(near.told).toEqual(['connected'])
      back.restore()
      await near.untilTold(task, 'drained')
      back.configure({ blackholed: true })
      const again = at()
      near.write('more')
      expect(await near.untilClosed(task)).toBe('timed-out')
      expect(Math.round(at() - again)).toBe(60_001)
      expect(far.receivedBytes).toBe(60_004)
    }))

  it('is not noticed by who says nothing', () =>
    onVirtualStage({}, async ({ pair, there, back, sleep }) => {
      const { near, far } = await pair()
      there.configure({ blackholed: true })
      back.configure({ blackholed: true })
      await sleep(3_600_000)
      expect([near.reason, far.reason]).toEqual([undefined, undefined])
    }))

  it('keeps who dials waiting: a second, and doubled, until the system gives up', () =>
    onVirtualStage({}, async ({ dial, there, task, at, sleep }) => {
      there.configure({ blackholed: true })
      const began = at()
      const near = dial()
      await sleep(2_500)
      there.restore()
      await near.untilTold(task, 'connected')
      expect(Math.round(at() - began)).toBe(3_002)
      there.configure({ blackholed: true })
      const again = at()
      expect(await dial().untilClosed(task)).toBe('timed-out')
      expect(Math.round(at() - again)).toBe(127_000)
    }))
})

describe('a link that is held', () => {
  it('lets nothing through until it is released, and then everything in order', () =>
    onVirtualStage({}, async ({ pair, dial, there, task, at, sleep, host }) => {
      const { near, far } = await pair()
      there.configure({ held: true })
      near.write('one ')
      await sleep(5_000_000)
      const other = dial()
      await sleep(100_000)
      near.write('two')
      near.end()
      await sleep(1_000)
      expect(far.told).toEqual([])
      expect(other.told).toEqual([])
      far.write('the other direction goes on')
      await near.until(task, 'an answer', () => near.receivedBytes > 0)
      const released = at()
      there.configure({ held: false })
      await far.untilTold(task, 'ended')
      expect(far.text).toBe('one two')
      expect(at() - released).toBe(1)
      await other.untilTold(task, 'connected')
      expect(at() - released).toBe(2)
      await host.nth(task, 2)
    }))

  it('is held for resets, too, and lets go of them when it is restored', () =>
    onVirtualStage({}, async ({ pair, server, back, task, sleep }) => {
      const { near } = await pair()
      back.configure({ held: true })
      server.kill()
      await sleep(1_000)
      expect(near.reason).toBeUndefined()
      back.restore()
      expect(await near.untilClosed(task)).toBe('reset')
    }))

  it('holds the writer back when the send buffer is full', () =>
    onVirtualStage({ tcp: { sendBufferBytes: 1_000 } }, async ({ pair, there, task }) => {
      const { near, far } = await pair()
      there.configure({ held: true })
      expect(near.write(Buffer.alloc(999))).toBe(true)
      expect(near.write(Buffer.alloc(2))).toBe(false)
      there.restore()
      await near.untilTold(task, 'drained')
      await far.until(task, 'all', () => far.receivedBytes === 1_001)
    }))
})

describe('connections on a link', () => {
  it('are refused from now on, and those that stand go on', () =>
    onVirtualStage({}, async (stage) => {
      const { pair, dial, there, task, at } = stage
      const { near, far } = await pair()
      there.configure({ refusing: true })
      const began = at()
      expect(await dial().untilClosed(task)).toBe('refused')
      expect(at() - began).toBeCloseTo(2, 1)
      expect(await delaysOf(stage, near, far, 1)).toEqual([1])
      there.restore()
      await dial().untilTold(task, 'connected')
    }))

  it('are cut at both ends, and new ones can be made', () =>
    onVirtualStage({}, async ({ pair, dial, there, task, network, host }) => {
      const one = await pair()
      const other = await pair()
      const elsewhere = Talker.dial(network.host('elsewhere'), { host: 'server', port: 1 })
      await elsewhere.untilTold(task, 'connected')
      one.near.write('on its way')
      there.cut()
      for (const { near, far } of [one, other]) {
        expect(await near.untilClosed(task)).toBe('reset')
        expect(await far.untilClosed(task)).toBe('reset')
      }
      expect(one.far.received).toHaveLength(0)
      await dial().untilTold(task, 'connected')
      await host.nth(task, 4)
      expect(elsewhere.reason).toBeUndefined()
    }))
})
