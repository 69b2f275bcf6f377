import { z } from 'zod'
import { ratio } from '../file/fields.ts'
import type { RowShares } from './row-plan.ts'

/** What every pattern over rows lets a workload say of its reads and writes. */
export const ROW_SHARES = {
  write_ratio: ratio().prefault('10%').describe('Share of operations that write.'),
  write_popularity: z
    .enum(['as reads', 'uniform'])
    .default('as reads')
    .describe('Which rows are written: those that are read most, by the popularity of keys, or all alike.'),
}

interface Given {
  readonly write_ratio: number
  readonly write_popularity: RowShares['writePopularity']
}

export function rowSharesOf({ write_ratio, write_popularity }: Given, missing: number): RowShares {
  return { writeRatio: write_ratio, writePopularity: write_popularity, missing }
}
