import { z } from 'zod'
import { ratio } from '../file/fields.ts'
import type { OperationResult, PatternDefinition } from '../pattern.ts'
import { createRowPlan, type RowShares } from './row-plan.ts'
import { ROW_SHARES, rowSharesOf } from './row-shares.ts'

/** The database alone: what the other patterns over rows are measured against. */
export const none: PatternDefinition<RowShares> = {
  kind: 'pattern',
  name: 'none',
  summary: 'No cache: every read and write goes to the database. The baseline.',
  settings: z
    .strictObject({
      ...ROW_SHARES,
      missing: ratio().prefault('0%').describe('Share of reads that ask for a row that is not there.'),
    })
    .transform((given): RowShares => rowSharesOf(given, given.missing)),
  needs: [],
  usesCache: false,
  calls: () => [],
  usesDatabase: true,
  classes: [
    { name: 'read', kind: 'read' },
    { name: 'read absent', kind: 'read' },
    { name: 'write', kind: 'write' },
  ],
  checks: ['staleness', 'linearizability', 'commits', 'values'],
  // Read, write.
  codePaths: 2,
  create(context) {
    const plan = createRowPlan(context, context.settings)
    const writer = context.instance + 1
    return {
      rows: plan.rows,
      intent(index) {
        const key = plan.keyId(index)
        return plan.isWrite(index) ? { fn: 'write', key, kind: 'write', class: 'write' } : { fn: 'read', key, kind: 'read' }
      },
      async operation(index, world): Promise<OperationResult> {
        const key = plan.keyId(index)
        if (plan.isWrite(index)) {
          const written = await world.database.write(key, plan.rowKey(key), (version) => context.values.make(key, version, writer))
          if (written.status !== 'ok') return { class: 'write', fn: 'write', key, status: written.status, error: written.failure.code }
          return { class: 'write', fn: 'write', key, arg: written.value.version, ret: written.value.version, writer, status: 'ok' }
        }
        const row = await world.database.read(key, plan.rowKey(key))
        if (row.status !== 'ok') return { class: 'read', fn: 'read', key, status: row.status, error: row.failure.code }
        if (row.value === null) return { class: 'read absent', fn: 'read', key, status: 'ok' }
        return { class: 'read', fn: 'read', key, ret: row.value.version, writer: context.values.read(row.value.value)?.writer ?? -1, status: 'ok' }
      },
    }
  },
}
