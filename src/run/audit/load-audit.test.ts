import { describe, expect, it } from 'vitest'
import { MILLISECOND, SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { OpenLoop } from '../load/open-loop.ts'
import { ClockGaps } from './clock-gaps.ts'
import { LoadAudit } from './load-audit.ts'

const audit = (gaps?: ClockGaps) => new LoadAudit({ originNanos: 0, lateNanos: 10 * MILLISECOND, gaps })
const ms = (millis: number) => millis * MILLISECOND

describe('whose doing it was that an operation began late', () => {
  it('its own, unless the target held it back', () => {
    const one = audit()
    one.began(ms(1), ms(11))
    one.began(ms(2), ms(13))
    expect(one.tally(ms(20))).toEqual({
      excusedNanos: 0,
      steps: [{ step: 0, due: 2, began: 2, excused: 0, late: 1, omitted: 0, ownLagNanos: ms(11) }],
    })
  })

  it('the time at the limit is excused, and only that', () => {
    const one = audit()
    one.full(ms(100))
    one.room(ms(150))
    one.full(ms(150))
    one.room(ms(200))
    // Due before it, and begun right after it or much later.
    one.began(ms(95), ms(200))
    one.began(ms(95), ms(206))
    one.began(ms(150), ms(201))
    one.began(ms(210), ms(225))
    const { excusedNanos, steps } = one.tally(ms(300))
    expect(excusedNanos).toBe(ms(100))
    expect(steps).toEqual([{ step: 0, due: 4, began: 4, excused: 2, late: 2, omitted: 0, ownLagNanos: ms(15) }])
  })

  it('so is the time in which it was refused', () => {
    const one = audit()
    one.refused(ms(100))
    one.refused(ms(150))
    one.answered(ms(200))
    one.answered(ms(210))
    one.began(ms(100), ms(200))
    expect(one.tally(ms(220))).toMatchObject({ excusedNanos: ms(100), steps: [{ excused: 1, late: 0 }] })
    // Both at once are one time.
    one.full(ms(300))
    one.refused(ms(310))
    one.room(ms(320))
    one.answered(ms(330))
    expect(one.tally(ms(400)).excusedNanos).toBe(ms(130))
  })

  it('a process that stood still at the limit excuses nothing by that', () => {
    const gaps = new ClockGaps()
    const one = audit(gaps)
    gaps.look(ms(90))
    one.full(ms(100))
    // An answer is what is looked at first after it.
    one.room(ms(2_100))
    one.began(ms(110), ms(2_100))
    expect(gaps.since(0)).toEqual([{ fromNanos: ms(125), toNanos: ms(2_100) }])
    expect(one.tally(ms(2_100))).toMatchObject({ excusedNanos: ms(25), steps: [{ late: 1, ownLagNanos: ms(1_975) }] })
  })

  it('nor when its own timer looked first', () => {
    const gaps = new ClockGaps()
    const one = audit(gaps)
    gaps.look(ms(100))
    one.full(ms(100))
    gaps.look(ms(2_100))
    one.room(ms(2_110))
    one.began(ms(110), ms(2_110))
    expect(one.tally(ms(2_110))).toMatchObject({ excusedNanos: ms(35), steps: [{ late: 1 }] })
  })

  it('a gap in the middle of a stretch at the limit is excused with it: there was nothing to be found when it woke', () => {
    const gaps = new ClockGaps()
    const one = audit(gaps)
    gaps.look(ms(100))
    one.full(ms(100))
    for (const at of [400, 425, 800, 810]) gaps.look(ms(at))
    // The first gap found nothing; of the second nobody knows yet, right after it.
    expect(one.tally(ms(810)).excusedNanos).toBe(ms(350))
    for (const at of [825, 850]) gaps.look(ms(at))
    one.room(ms(860))
    one.began(ms(95), ms(861))
    expect(one.tally(ms(861))).toMatchObject({ excusedNanos: ms(760), steps: [{ excused: 1, late: 0 }] })
    // And once.
    one.full(ms(900))
    one.room(ms(950))
    expect(one.tally(ms(950)).excusedNanos).toBe(ms(810))
  })

  it('what was due and never began was omitted where nothing held it back', () => {
    const one = audit()
    one.full(ms(500))
    one.room(ms(1_000))
    one.neverBegan(ms(400), ms(1_000))
    one.neverBegan(ms(500), ms(1_000))
    one.neverBegan(ms(995), ms(1_000))
    expect(one.take(ms(1_000)).steps).toMatchObject([
      { step: 1, due: 1, began: 0, excused: 0, late: 1, omitted: 1 },
      { step: 2, due: 1, excused: 1, late: 0, omitted: 0 },
      { step: 3, due: 1, excused: 0, late: 0, omitted: 0 },
    ])
    expect(one.take(ms(1_000))).toEqual({ excusedNanos: 0, steps: [] })
  })
})

describe('an open loop with room for three', () => {
  /** 1000/s for a second; `millisOf`: how long the operation takes that begins then. */
  async function load(millisOf: (atMillis: number) => number) {
    const runtime = createVirtualRuntime({ seed: 1 })
    const load = new LoadAudit({ originNanos: 0, lateNanos: 10 * MILLISECOND })
    await runtime.run('load', (task) =>
      task.wait<void>('drained', (settle) => {
        const loop = new OpenLoop(
          runtime,
          {
            start: (_index, _due, user) => void runtime.after(ms(millisOf(runtime.now() / MILLISECOND)), () => loop.ended(user, false)),
            unstarted: () => {},
          },
          {
            arrivals: { description: 'constant', ratePerSecond: 1000, gap: () => MILLISECOND },
            ...{ maxInFlight: 3, users: 1, instance: 0, instances: 1, originNanos: 0, untilNanos: SECOND, drained: settle, audit: load },
          },
        )
        loop.start()
      }),
    )
    const { excusedNanos, steps } = load.tally(runtime.now())
    const sum = (pick: (step: (typeof steps)[number]) => number) => steps.reduce((total, one) => total + pick(one), 0)
    return {
      excusedNanos,
      due: sum((one) => one.due),
      began: sum((one) => one.began),
      late: sum((one) => one.late),
      excused: sum((one) => one.excused),
    }
  }

  it('a server that stops for 400 ms is not booked to the generator, down to the last operation', async () => {
    const stopped = await load((at) => (at > 200 && at < 600 ? 601 - at : 0.5))
    expect(stopped).toMatchObject({ due: 999, began: 999, late: 0 })
    expect(stopped.excusedNanos).toBeGreaterThan(ms(390))
    expect(stopped.excusedNanos).toBeLessThan(ms(500))
    expect(stopped.excused).toBeGreaterThan(300)
  })

  it('nor one that never comes back', async () => {
    const gone = await load((at) => (at > 200 ? 5_000 : 0.5))
    expect(gone).toMatchObject({ due: 999, late: 0 })
    expect(gone.began).toBeLessThan(220)
    // To the end of the load, and not of what was still under way.
    expect(gone.excusedNanos).toBeLessThan(ms(800))
  })
})
