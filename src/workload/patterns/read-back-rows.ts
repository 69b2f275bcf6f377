import type { CacheKey } from '../../client/cache/cache.ts'
import type { World } from '../pattern.ts'
import type { ValueMaker } from '../values/value-maker.ts'
import { inBatches } from './in-batches.ts'
import type { RowPlan } from './row-plan.ts'

export interface ReadBackParts {
  readonly plan: RowPlan
  readonly keyCount: number
  readonly values: ValueMaker
  cacheKey(keyId: number): CacheKey
}

/** Keys read back at the most. */
const MOST_KEYS = 1000
/** Operations looked at for keys that were written. */
const MOST_OPERATIONS = 100_000

/**
 * What cache and database hold after the load, for the check that looks for keys that stayed stale: one probe row
 * "cached" (ret = version, NaN when there is no entry) and one "committed" for each key. Every key where they are
 * few, else those that the first operations write: that is where the hot ones are.
 */
export async function readBackRows(parts: ReadBackParts, world: World): Promise<void> {
  await inBatches(keysToReadBack(parts.plan, parts.keyCount), async (key) => {
    const row = await world.database.read(key, parts.plan.rowKey(key))
    if (row.status !== 'ok') world.probe({ fn: 'committed', key, outcome: row.failure.code })
    else if (row.value === null) world.probe({ fn: 'committed', key, outcome: 'absent' })
    else world.probe({ fn: 'committed', key, outcome: 'found', ret: row.value.version, writer: parts.values.read(row.value.value)?.writer ?? -1 })

    const cached = await world.cache.get(parts.cacheKey(key))
    if (cached.status !== 'ok') world.probe({ fn: 'cached', key, outcome: cached.failure.code })
    else if (cached.value === null) world.probe({ fn: 'cached', key, outcome: 'miss' })
    else {
      const identity = parts.values.read(cached.value)
      const outcome = identity === undefined ? 'torn' : identity.keyId === key ? 'hit' : 'foreign'
      world.probe({ fn: 'cached', key, outcome, ...(outcome === 'hit' && { ret: identity!.version, writer: identity!.writer }) })
    }
  })
}

function keysToReadBack(plan: RowPlan, keyCount: number): readonly number[] {
  if (keyCount <= MOST_KEYS) return Array.from({ length: keyCount }, (_, keyId) => keyId)
  const keys = new Set<number>()
  for (let index = 0; index < MOST_OPERATIONS && keys.size < MOST_KEYS; index++) if (plan.isWrite(index)) keys.add(plan.keyId(index))
  return [...keys]
}
