import { describe, expect, it } from 'vitest'
import { ClassTally } from './class-tally.ts'

/** When the load ends, and the measured time. */
const END = 1_000_000
const measured = (record: (tally: ClassTally) => void, layer: 'app' | 'cache' = 'app', withLag = true) => {
  const tally = new ClassTally({ name: 'read', layer, kind: 'read' })
  record(tally)
  return tally.measurement(withLag, END)
}
const spanOf = (latency: { readonly count: number; readonly minNanos: number; readonly maxNanos: number } | undefined) =>
  latency && [latency.count, latency.minNanos, latency.maxNanos]

describe('an operation of the application', () => {
  it('that was answered took until then, and waited for nothing', () => {
    const { response, service, lag, waited, ...counts } = measured((tally) => tally.app(2_000, 5_000, 9_000, 'ok', '', END))
    expect([spanOf(response), spanOf(service), spanOf(lag), waited]).toEqual([[1, 7_000, 7_000], [1, 4_000, 4_000], [1, 3_000, 3_000], undefined])
    expect(counts).toMatchObject({ ok: 1, inTime: 1, fail: 0, info: 0, unstarted: 0, errors: {} })
    const punctual = measured((tally) => tally.app(0, 0, 0, 'ok', '', END))
    expect([spanOf(punctual.response), spanOf(punctual.service), spanOf(punctual.lag), punctual.waited]).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
      undefined,
    ])
  })

  it('that ended well and nobody knows when waits to the end, as one of unknown outcome does', () => {
    for (const status of ['ok', 'info'] as const) {
      const { response, service, lag, waited } = measured((tally) => tally.app(2_000, 2_000, -1, status, '', END))
      expect([response, service, spanOf(lag), spanOf(waited)]).toEqual([undefined, undefined, [1, 0, 0], [1, END - 2_000, END - 2_000]])
    }
    const late = measured((tally) => tally.app(2_000, 5_000, 9_000, 'info', 'timeout', END))
    expect([late.response, late.service, spanOf(late.lag), spanOf(late.waited)]).toEqual([undefined, undefined, [1, 3_000, 3_000], [1, 7_000, 7_000]])
    expect(spanOf(measured((tally) => tally.app(0, 0, 0, 'info', 'timeout', END)).waited)).toEqual([1, 0, 0])
    expect(spanOf(measured((tally) => tally.app(2 * END, 2 * END, -1, 'info', '', END)).waited)).toEqual([1, 0, 0])
  })

  it('that never began is late by nothing that could be told', () => {
    expect(measured((tally) => tally.app(2_000, -1, -1, 'info', 'unstarted', END))).toMatchObject({ info: 1, unstarted: 1, errors: { unstarted: 1 } })
    expect(measured((tally) => tally.app(2_000, -1, -1, 'info', 'unstarted', END))).not.toHaveProperty('lag')
  })

  it('that failed for certain took no time worth knowing', () => {
    const { response, service, lag, waited, ...counts } = measured((tally) => tally.app(2_000, 2_000, 9_000, 'fail', 'OOM', END))
    expect([response, service, spanOf(lag), waited]).toEqual([undefined, undefined, [1, 0, 0], undefined])
    expect(counts).toMatchObject({ ok: 0, fail: 1, errors: { OOM: 1 } })
  })

  it('is in time at the very end of it', () => {
    for (const [done, inTime] of [
      [END, 1],
      [END + 1, 0],
    ] as const) {
      expect(measured((tally) => tally.app(0, 0, done, 'ok', '', END))).toMatchObject({ ok: 1, inTime })
      expect(measured((tally) => tally.call(0, done, 'ok', '', END), 'cache')).toMatchObject({ ok: 1, inTime })
    }
  })
})

describe('a call below an operation', () => {
  it('has a service time where it was answered, and no response', () => {
    const { response, service, waited, errors } = measured((tally) => tally.call(2_000, 9_000, 'ok', '', END), 'cache')
    expect([response, spanOf(service), waited, errors]).toEqual([undefined, [1, 7_000, 7_000], undefined, {}])
    expect(spanOf(measured((tally) => tally.call(0, 0, 'ok', '', END), 'cache').service)).toEqual([1, 0, 0])
  })

  it('waited where nobody knows how, or when, it ended', () => {
    const unknown = measured((tally) => tally.call(2_000, 9_000, 'info', 'timeout', END), 'cache')
    expect([unknown.service, spanOf(unknown.waited)]).toEqual([undefined, [1, 7_000, 7_000]])
    const endless = measured((tally) => tally.call(2_000, -1, 'ok', '', END), 'cache')
    expect([endless.service, spanOf(endless.waited)]).toEqual([undefined, [1, END - 2_000, END - 2_000]])
  })
})

it('merges to all that several counted', () => {
  const tallies = [1, 2].map(() => {
    const tally = new ClassTally({ name: 'read', layer: 'app', kind: 'read' })
    tally.app(2_000, 2_000, -1, 'info', 'killed', END)
    tally.app(2_000, -1, -1, 'info', 'unstarted', END)
    tally.app(2_000, 2_000, 5_000, 'ok', '', END)
    return tally
  })
  tallies[0]!.merge(structuredClone(tallies[1]!.state()))
  const { lag, waited, ...counts } = tallies[0]!.measurement(true, END)
  expect(counts).toMatchObject({ ok: 2, inTime: 2, info: 4, unstarted: 2, errors: { killed: 2, unstarted: 2 } })
  expect([lag!.count, waited!.count]).toEqual([4, 4])
})
