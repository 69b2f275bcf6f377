import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CODES } from './code-counts.ts'
import type { Status } from './history.ts'
import { createOperationRecorder, type OperationRecorder } from './operation-recorder.ts'
import { classMeasurementSchema, seriesSchema } from './run-result.ts'
import { UNKNOWN_CLASSES } from './tally-set.ts'
import { OTHER_TEXT } from './text-dictionary.ts'

const SEED = 20261124
const SECOND = 1e9
/** When the load ends. */
const END = 200 * SECOND
/** Positions of the classes of what ended before it showed what it was. */
const [READ_UNKNOWN, WRITE_UNKNOWN] = [3, 4]
const CLASSES = [
  { name: 'read hit', kind: 'read', cache: 'hit' },
  { name: 'read miss', kind: 'read', cache: 'miss' },
  { name: 'write', kind: 'write' },
] as const

const recorderOf = (classes: readonly { name: string; kind: 'read' | 'write'; cache?: 'hit' | 'miss' }[] = CLASSES) =>
  createOperationRecorder({ intervalNanos: SECOND, classes })

const byName = (recorder: OperationRecorder, name: string) => recorder.classMeasurements(END).find((one) => one.name === name)

type Event =
  | { readonly app: number; readonly due: number; readonly lag: number; readonly took: number; readonly status: Status; readonly error: string }
  | {
      readonly layer: 'cache' | 'database'
      readonly fn: string
      readonly sent: number
      readonly took: number
      readonly status: Status
      readonly error: string
    }

const status = fc.constantFrom<Status>('ok', 'fail', 'info')
const error = fc.constantFrom('', 'timeout', 'closed', 'OOM')
const took = fc.oneof(fc.nat({ max: 5 * SECOND }), fc.constant(-1))
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ app: fc.integer({ min: 0, max: 4 }), due: fc.nat({ max: 100 * SECOND }), lag: fc.nat({ max: SECOND }), took, status, error }),
  fc.record({
    layer: fc.constantFrom('cache', 'database'),
    fn: fc.constantFrom('get', 'set', 'read'),
    sent: fc.nat({ max: 100 * SECOND }),
    took,
    status,
    error,
  }),
)

function play(recorder: OperationRecorder, events: readonly Event[]): OperationRecorder {
  for (const one of events) {
    if ('app' in one) {
      const sent = one.due + one.lag
      recorder.recordApp(one.app, one.due, sent, one.took < 0 ? -1 : sent + one.took, one.status, one.error)
    } else {
      const kind = one.fn === 'set' ? 'write' : 'read'
      recorder.recordCall(one.layer, one.fn, kind, one.sent, one.took < 0 ? -1 : one.sent + one.took, one.status, one.error, '')
    }
  }
  return recorder
}

describe('OperationRecorder', () => {
  it('tells response, service and lag apart', () => {
    const recorder = recorderOf()
    recorder.recordApp(0, 1_000_000, 3_000_000, 8_000_000, 'ok', '')
    const hit = byName(recorder, 'read hit')!
    expect(hit.response?.maxNanos).toBe(7_000_000)
    expect(hit.service?.maxNanos).toBe(5_000_000)
    expect(hit.lag?.maxNanos).toBe(2_000_000)
    // The series show what users met: from when it was due.
    expect(recorder.series()).toMatchObject({ p50Nanos: [7_000_000], p99Nanos: [7_000_000], maxNanos: [7_000_000] })
    expect(recorder.intervalAt(0)).toMatchObject({ maxNanos: 7_000_000, latency: { maxNanos: 7_000_000 } })
    expect(hit).toMatchObject({ layer: 'app', kind: 'read', ok: 1, fail: 0, info: 0, errors: {} })
  })

  it('shows lag for an open loop, or where there was any', () => {
    const closed = recorderOf()
    closed.recordApp(0, 5, 5, 10, 'ok', '')
    expect(byName(closed, 'read hit')?.lag).toBeUndefined()
    const open = createOperationRecorder({ intervalNanos: SECOND, classes: CLASSES, openLoop: true })
    open.recordApp(0, 5, 5, 10, 'ok', '')
    expect(byName(open, 'read hit')?.lag?.count).toBe(1)
  })

  it('keeps how long a timeout had waited apart, and a definite failure as no latency', () => {
    const recorder = recorderOf()
    recorder.recordApp(2, 0, 0, SECOND, 'info', 'timeout')
    recorder.recordApp(2, 0, 0, 50_000, 'fail', 'refused')
    recorder.recordApp(2, 0, 7, -1, 'info', 'killed')
    recorder.recordApp(2, 5, -1, -1, 'info', 'unstarted')
    const write = byName(recorder, 'write')!
    expect(write).toMatchObject({ ok: 0, fail: 1, info: 3, unstarted: 1, errors: { timeout: 1, refused: 1, killed: 1, unstarted: 1 } })
    expect(write.response).toBeUndefined()
    // Those that never heard of an outcome waited until the load ended.
    expect(write.waited).toMatchObject({ count: 3, minNanos: SECOND, maxNanos: END })
    expect(recorder.series()).toMatchObject({
      failed: [1, 0],
      unknown: [2, 1],
      errors: { killed: [1, 0], refused: [1, 0], timeout: [0, 1], unstarted: [1, 0] },
    })
  })

  it('leaves what was due in the warm-up out of histograms and counters, and shows it in the series', () => {
    const recorder = recorderOf()
    recorder.recordApp(0, 0, 0, 1000, 'ok', '', false)
    recorder.recordCall('cache', 'get', 'read', 0, 1000, 'ok', '', 'hit', false)
    recorder.recordApp(0, SECOND, SECOND, SECOND + 2000, 'ok', '')
    expect(byName(recorder, 'read hit')).toMatchObject({ ok: 1, response: { count: 1, maxNanos: 2000 } })
    expect(byName(recorder, 'get')).toBeUndefined()
    expect(recorder.series()).toMatchObject({ okReads: [1, 1], maxNanos: [1000, 2000], hits: [1, 1] })
  })

  it('counts for the rate what was answered before the measured time was over', () => {
    const recorder = recorderOf()
    recorder.endMeasuredAt(SECOND)
    recorder.recordApp(0, 0, 0, SECOND, 'ok', '')
    recorder.recordApp(0, 0, 0, SECOND + 1, 'ok', '')
    recorder.recordApp(0, 0, 0, 5, 'fail', 'refused')
    expect(byName(recorder, 'read hit')).toMatchObject({ ok: 2, inTime: 1, fail: 1 })
  })

  it('leaves stretches of time out, with everything that touched them', () => {
    const recorder = createOperationRecorder({ intervalNanos: SECOND, classes: CLASSES, byInterval: true })
    const at = (seconds: number) => seconds * SECOND
    recorder.recordApp(0, at(0.1), at(0.1), at(0.2), 'ok', '')
    recorder.recordApp(0, at(0.9), at(0.9), at(1.1), 'ok', '') // reaches into the stretch
    recorder.recordApp(0, at(1.5), at(1.5), at(1.6), 'fail', 'refused')
    recorder.recordApp(0, at(1.7), at(1.7), at(3.2), 'info', 'timeout') // comes out of it
    recorder.recordCall('cache', 'get', 'read', at(1.5), at(1.6), 'fail', 'refused', '')
    recorder.recordApp(0, at(3.1), at(3.1), at(3.3), 'ok', '')
    recorder.recordApp(0, at(3.9), at(3.9), at(4.1), 'ok', '') // spans, but not it
    recorder.recordCall('cache', 'get', 'read', at(3.1), at(3.2), 'ok', '', 'hit')
    recorder.recordApp(0, at(0.3), at(0.3), -1, 'info', 'killed') // never ended: it spans all that follows
    const outside = (from: number, to: number) => recorder.measurementsOutside([{ fromNanos: at(from), toNanos: at(to) }], END)
    expect(outside(1.2, 2.5).map(({ name, ok, fail, info }) => [name, ok, fail, info])).toEqual([
      ['read hit', 3, 0, 0],
      ['read miss', 0, 0, 0],
      ['write', 0, 0, 0],
      ['get', 1, 0, 0],
    ])
    const [hit] = outside(10, 11)
    expect(hit).toMatchObject({ ok: 4, fail: 1, info: 1 })
    const before = outside(1.2, 2.5)
    const merged = createOperationRecorder({ intervalNanos: SECOND, classes: CLASSES, byInterval: true })
    merged.merge(recorder.take())
    expect(merged.measurementsOutside([{ fromNanos: at(1.2), toNanos: at(2.5) }], END)).toEqual(before)
  })

  it('counts hits by class where classes say so, else by what cache reads found', () => {
    const byClass = recorderOf()
    byClass.recordApp(0, 0, 0, 10, 'ok', '')
    byClass.recordApp(1, 0, 0, 10, 'ok', '')
    byClass.recordCall('cache', 'get', 'read', 0, 5, 'ok', '', 'miss')
    expect(byClass.series()).toMatchObject({ hits: [1], misses: [1] })
    const byOutcome = recorderOf([{ name: 'login', kind: 'write' }])
    byOutcome.recordCall('cache', 'get', 'read', 0, 5, 'ok', '', 'miss')
    byOutcome.recordCall('cache', 'get', 'read', 0, 5, 'ok', '', 'hit')
    expect(byOutcome.series()).toMatchObject({ hits: [1], misses: [1] })
  })

  it('counts what the database had to do, and names the layer of an error below the application', () => {
    const recorder = recorderOf()
    recorder.recordCall('database', 'read', 'read', 0, 5, 'ok', '', 'found')
    recorder.recordCall('database', 'write', 'write', 0, 5, 'fail', 'pool', '')
    recorder.recordCall('cache', 'get', 'read', 0, SECOND + 1, 'info', 'timeout', '')
    expect(recorder.series()).toMatchObject({
      databaseReads: [1, 0],
      databaseWrites: [1, 0],
      errors: { 'cache timeout': [0, 1], 'database pool': [1, 0] },
    })
    expect(recorder.classMeasurements(END).map(({ layer, name }) => `${layer} ${name}`)).toEqual([
      'app read hit',
      'app read miss',
      'app write',
      'cache get',
      'database read',
      'database write',
    ])
  })

  it('names operations that never showed their class, only if there are any', () => {
    const recorder = recorderOf()
    for (const { name } of UNKNOWN_CLASSES) expect(byName(recorder, name)).toBeUndefined()
    recorder.recordApp(READ_UNKNOWN, 0, 0, -1, 'info', 'killed')
    recorder.recordApp(WRITE_UNKNOWN, 0, 0, 5, 'fail', 'OOM')
    expect(byName(recorder, 'read unknown')).toMatchObject({ info: 1, kind: 'read' })
    expect(byName(recorder, 'write unknown')).toMatchObject({ fail: 1, kind: 'write' })
    expect(() => recorder.recordApp(5, 0, 0, 5, 'ok', '')).toThrow(RangeError)
  })

  it('keeps silent intervals, to the end of the cell', () => {
    const recorder = recorderOf()
    recorder.recordApp(0, 0, 0, 10, 'ok', '')
    recorder.recordApp(0, 0, 0, 3 * SECOND, 'ok', '')
    const series = recorder.series(5.5 * SECOND)
    expect(series.okReads).toEqual([1, 0, 0, 1, 0, 0])
    expect(series.p99Nanos).toEqual([10, null, null, 3 * SECOND, null, null])
  })

  it('puts a late completion into the interval it belongs to', () => {
    const recorder = recorderOf()
    recorder.recordApp(0, 0, 0, 100, 'ok', '')
    recorder.recordApp(0, SECOND, SECOND, SECOND + 7, 'ok', '')
    recorder.recordApp(0, 0, 0, 300, 'ok', '')
    recorder.recordApp(0, SECOND, SECOND, SECOND + 9, 'ok', '')
    expect(recorder.series()).toMatchObject({ okReads: [2, 2], maxNanos: [300, 9] })
    expect(recorder.intervalAt(200)).toMatchObject({ okReads: 2, failed: 0, maxNanos: 300 })
    expect(recorder.intervalAt(7 * SECOND)).toMatchObject({ okReads: 0, p50Nanos: null })
  })

  it('counts rare codes together when a server invents too many', () => {
    const recorder = recorderOf()
    for (let n = 0; n < 200; n++) recorder.recordApp(2, 0, 0, 5, 'fail', `E${n}`)
    const errors = byName(recorder, 'write')!.errors
    expect(Object.keys(errors)).toHaveLength(MAX_CODES)
    expect(errors[OTHER_TEXT]).toBe(200 - (MAX_CODES - 1))
    expect(recorder.series().errors[OTHER_TEXT]).toEqual([200 - (MAX_CODES - 1)])
  })

  it('merges instances to what one recorder of everything has, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.array(event, { maxLength: 40 }), fc.nat({ max: 40 }), (a, b, cut) => {
        const whole = play(recorderOf(), [...a, ...b])
        const first = recorderOf()
        const merged = recorderOf()
        merged.merge(structuredClone(play(first, a.slice(0, cut)).take()))
        merged.merge(structuredClone(play(first, a.slice(cut)).take()))
        merged.merge(structuredClone(play(recorderOf(), b).state()))
        expect(merged.series()).toEqual(whole.series())
        const rounded = (recorder: OperationRecorder) => JSON.stringify(recorder.classMeasurements(END), roundMeans)
        expect(rounded(merged)).toBe(rounded(whole))
      }),
      { seed: SEED },
    )
  })

  it('gives what run.json accepts', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const recorder = play(recorderOf(), events)
        for (const one of recorder.classMeasurements(END)) classMeasurementSchema.parse(one)
        seriesSchema.parse(recorder.series())
      }),
      { seed: SEED },
    )
  })

  it('refuses to merge what is not of its kind', () => {
    const other = createOperationRecorder({ intervalNanos: SECOND / 10, classes: CLASSES })
    expect(() => recorderOf().merge(other.state())).toThrow("intervals of 100000000 ns can't be merged")
    const some = recorderOf()
    some.recordApp(0, 0, 0, 5, 'ok', '')
    expect(() => recorderOf([{ name: 'login', kind: 'write' }]).merge(some.state())).toThrow('the class "read hit"')
  })
})

/** Sums of nanoseconds are exact only up to the order they are added in. */
function roundMeans(name: string, value: unknown): unknown {
  return name === 'meanNanos' ? Math.round(value as number) : value
}
