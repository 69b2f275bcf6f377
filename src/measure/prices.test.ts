import { describe, expect, it } from 'vitest'
import { exactly } from './metrics/figure.ts'
import { figureInWords, valueInWords } from './metrics/figure-in-words.ts'
import { measureFigure } from './metrics/measure-figure.ts'
import { sampleOf } from './metrics/sample.ts'
import { costMetric, type Prices, pricesInWords } from './prices.ts'
import type { Cell, ClassMeasurement } from './run-result.ts'

const classOf = (layer: 'app' | 'database', kind: 'read' | 'write', ok: number): ClassMeasurement => ({
  ...{ name: kind, layer, kind, ok, inTime: ok, fail: 0, info: 0, unstarted: 0, errors: {} },
})

/** 2,000 reads in 36 s, with a quarter of them and 200 writes asked of the database. */
const cellOf = (fields: Partial<Cell> = {}): Cell =>
  ({
    ...{ role: 'measured', definitions: 2, measuredNanos: 36e9, durationNanos: 36e9, recovery: [] },
    classes: [classOf('app', 'read', 2_000), classOf('app', 'write', 200), classOf('database', 'read', 500), classOf('database', 'write', 200)],
    history: { level: 'full', rows: 0, tornSegments: 0, hash: '' },
    ...fields,
  }) as Cell
const HOLDS = { cost: { beforeBytes: 1e6, peakBytes: 501e6 } as Cell['cost'] & object }
const costOf = (prices: Omit<Prices, 'currency'>, ...cells: Cell[]) => measureFigure(costMetric({ currency: 'EUR', ...prices }), sampleOf(cells))

describe('what 1,000,000 application reads cost', () => {
  it('is what the database is asked meanwhile, reads and writes', () => {
    expect(costOf({ readsPerMillion: 0.2 }, cellOf())).toEqual(exactly(0.05))
    expect(costOf({ readsPerMillion: 0.2, writesPerMillion: 1 }, cellOf(), cellOf())).toEqual(exactly(0.15))
  })

  it('is the memory of the cache for as long as so many reads take', () => {
    // Half a gigabyte, and 1,000,000 reads take 500 times 36 s: 5 hours.
    expect(costOf({ memoryPerGigabyteHour: 0.02 }, cellOf(HOLDS))).toEqual(exactly(0.05))
    expect(costOf({ memoryPerGigabyteHour: 0.02 }, cellOf(HOLDS), cellOf(HOLDS))).toEqual(exactly(0.05))
    expect(costOf({ memoryPerGigabyteHour: 0.02 }, cellOf({ role: 'baseline' }))).toEqual(exactly(0))
  })

  it('is not known where the memory has a price and nobody could ask how much there was', () => {
    expect(costOf({ memoryPerGigabyteHour: 0.02, readsPerMillion: 0.2 }, cellOf())).toEqual({ missing: expect.stringContaining('started') })
    expect(costOf({ readsPerMillion: 0.2 }, cellOf({ classes: [] }))).toEqual({ missing: 'there were no application reads' })
  })

  it('stands in as many digits as say something, and its prices beside it', () => {
    expect([0.00312, 0.05, 0.853, 12.345].map((value) => valueInWords(value, 'number'))).toEqual(['0.00312', '0.05', '0.85', '12.3'])
    expect(figureInWords(exactly(0), 'number')).toBe('0')
    expect(pricesInWords({ currency: 'EUR', memoryPerGigabyteHour: 0.02, writesPerMillion: 1 })).toBe(
      'at 1 for a million database writes, at 0.02 for a gigabyte-hour of cache memory, which is held for as long as so many reads take at this load',
    )
  })
})
