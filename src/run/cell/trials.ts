import type { CacheFunction } from '../../client/cache/cache.ts'
import { createChance } from '../../runtime/chance.ts'
import { parseTargetUrl } from '../../targets/url/target-url.ts'
import { urlsOfNodes } from '../../targets/url/urls-of-nodes.ts'
import { findProgram } from '../../workload/patterns/registry.ts'
import { largestValueBytes } from '../../workload/values/largest-value.ts'
import type { Workload } from '../../workload/workload.ts'
import { whyNotApplicable } from './applicability.ts'
import { blockSeed } from './block-seed.ts'
import type { CellPlan } from './cell-plan.ts'

/** What all cells that reach one endpoint through one client will ask of it. */
export interface Trial {
  /** With credentials. Of one node where there are several that know nothing of each other. */
  readonly url: string
  readonly client: string
  readonly calls: readonly CacheFunction[]
  readonly largestValueBytes: number
}

/** Trials of every endpoint outside this process, in the order of the plan. */
export function trialsOf(plans: readonly CellPlan[], seed: number): readonly Trial[] {
  const trials = new Map<string, Trial>()
  const drawn = new Map<string, number>()
  /** As an instance draws it (instance.ts). */
  const largestValueOf = ({ values: { size }, keys }: Workload, block: number): number => {
    const same = JSON.stringify([size, keys.count, block])
    const bytes = drawn.get(same) ?? largestValueBytes(size, keys.count, createChance(blockSeed(seed, block)).stream('values'))
    drawn.set(same, bytes)
    return bytes
  }
  for (const { targetUrl, client, workload, block } of plans) {
    if (targetUrl === undefined) continue
    const { kind, family } = parseTargetUrl(targetUrl)
    const program = findProgram(workload.pattern)
    if (kind === 'engine' || !program.usesCache || whyNotApplicable(program, family) !== undefined) continue
    const calls = program.calls(workload.settings)
    const bytes = stores(calls) ? largestValueOf(workload, block) : 0
    for (const url of urlsOfNodes(targetUrl)) {
      const key = `${client} ${url}`
      const before = trials.get(key) ?? { url, client, calls: [], largestValueBytes: 0 }
      trials.set(key, {
        ...before,
        calls: [...new Set([...before.calls, ...calls])],
        largestValueBytes: Math.max(before.largestValueBytes, bytes),
      })
    }
  }
  return [...trials.values()]
}

function stores(calls: readonly CacheFunction[]): boolean {
  return calls.includes('set') || calls.includes('add') || calls.includes('replace')
}
