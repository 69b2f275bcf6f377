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
    one.neverBegan(ms(990), ms(1_000))
    expect(one.take(ms(1_000)).steps).toMatchObject([
      { step: 1, due: 1, began: 0, excused: 0, late: 1, omitted: 1 },
      { step: 2, due: 1, excused: 1, late: 0, omitted: 0 },
      { step: 3, due: 1, excused: 0, late: 0, omitted: 0 },
    ])
    expect(one.take(ms(1_000))).toEqual({ excusedNanos: 0, steps: [] })
  })
})

describe('while the target holds it back', () => {
  const lates = (one: LoadAudit) =>
    one.tally(ms(5_000)).steps.map(({ excused, late, ownLagNanos }) => ({ excused, late, ownMillis: ownLagNanos / MILLISECOND }))

  it('is tallied up to now, from the first instant on', () => {
    for (const from of [0, 100]) {
      const one = audit()
      one.full(ms(from))
      one.full(ms(from + 20))
      expect(one.tally(ms(from + 100)).excusedNanos).toBe(ms(100))
      one.room(ms(from + 150))
      expect(one.tally(ms(from + 300)).excusedNanos).toBe(ms(150))
    }
  })

  it('what never began is excused from then on, and no longer', () => {
    for (const [from, due, expected] of [
      [500, 600, { excused: 1, late: 0, ownMillis: 0 }],
      [500, 400, { excused: 0, late: 1, ownMillis: 100 }],
      [0, 5, { excused: 1, late: 0, ownMillis: 0 }],
    ] as const) {
      const one = audit()
      one.full(ms(from))
      one.neverBegan(ms(due), ms(1_000))
      expect(lates(one)).toEqual([expected])
    }
  })

  it('the limit is what is late by itself, whatever was excused', () => {
    const one = audit()
    one.full(ms(100))
    one.room(ms(200))
    one.began(ms(95), ms(205))
    expect(lates(one)).toEqual([{ excused: 1, late: 0, ownMillis: 0 }])
  })

  it('remembers each stretch that an operation may have waited through', () => {
    const one = audit()
    for (const from of [100, 200]) {
      one.full(ms(from))
      one.room(ms(from + 50))
    }
    one.began(ms(95), ms(255))
    expect(lates(one)).toEqual([{ excused: 0, late: 1, ownMillis: 60 }])
    // One that ends when the last was due.
    one.full(ms(300))
    one.began(ms(350), ms(350))
    one.room(ms(350))
    expect(one.tally(ms(400)).excusedNanos).toBe(ms(150))
  })

  it('says whether it is refused', () => {
    const one = audit()
    expect(one.isRefused).toBe(false)
    one.refused(ms(1))
    expect(one.isRefused).toBe(true)
    one.answered(ms(2))
    expect(one.isRefused).toBe(false)
  })
})

it('steps count from where the axis begins, and anew once they are taken', () => {
  const one = new LoadAudit({ originNanos: ms(1_000), lateNanos: ms(10) })
  one.began(ms(1_300), ms(1_300))
  expect(one.take(ms(1_300)).steps).toMatchObject([{ step: 1, due: 1 }])
  one.began(ms(1_310), ms(1_310))
  expect(one.take(ms(1_310)).steps).toMatchObject([{ step: 1, due: 1 }])
})

describe('a gap', () => {
  it('is nothing to be excused where nothing held it back', () => {
    const gaps = new ClockGaps()
    const one = audit(gaps)
    for (const at of [100, 2_000]) gaps.look(ms(at))
    expect(one.tally(ms(2_000)).excusedNanos).toBe(0)
    one.full(ms(2_100))
    one.room(ms(2_110))
    expect(one.tally(ms(2_200)).excusedNanos).toBe(ms(10))
  })

  it('at the beginning is one', () => {
    const gaps = new ClockGaps()
    const one = audit(gaps)
    gaps.look(0)
    one.full(0)
    gaps.look(ms(400))
    one.room(ms(401))
    expect(one.tally(ms(401)).excusedNanos).toBe(ms(25 + 1))
  })

  it('right after another is the same one, until it is known whose that was', () => {
    const gaps = new ClockGaps()
    const one = audit(gaps)
    gaps.look(ms(100))
    one.full(ms(100))
    for (const at of [400, 800]) gaps.look(ms(at))
    one.room(ms(810))
    expect(one.tally(ms(810)).excusedNanos).toBe(ms(25 + 10))
  })

  it('shows by room within a look of its end', () => {
    const excused = (millis: number) => {
      const gaps = new ClockGaps()
      const one = audit(gaps)
      gaps.look(ms(100))
      one.full(ms(100))
      gaps.look(ms(2_100))
      one.room(ms(2_100 + millis))
      return one.tally(ms(2_200)).excusedNanos / MILLISECOND
    }
    expect(excused(25)).toBe(25 + 25)
    expect(excused(26)).toBe(2_000 + 26)
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
