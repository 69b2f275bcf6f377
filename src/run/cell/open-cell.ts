import type { Database } from '../../database/database.ts'
import { openDatabase } from '../../database/open-database.ts'
import { createRealRuntime, type RealRuntime } from '../../runtime/real-runtime.ts'
import { createVirtualRuntime, type VirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { openTarget } from '../../targets/open-target.ts'
import { KEY_PREFIX } from '../../targets/own-prefix.ts'
import { openServedEngine } from '../../targets/served-engine-target.ts'
import type { Target } from '../../targets/target.ts'
import { parseTargetUrl } from '../../targets/url/target-url.ts'
import { findProgram, type ProgramDefinition } from '../../workload/patterns/registry.ts'
import { whyNotApplicable } from './applicability.ts'
import { blockSeed } from './block-seed.ts'
import type { CellContext } from './cell-context.ts'
import type { CellPlan } from './cell-plan.ts'

/** What a cell stands on while it runs. */
export interface OpenCell {
  readonly runtime: RealRuntime | VirtualRuntime
  readonly definition: ProgramDefinition
  readonly family: 'redis' | 'memcached'
  readonly target: Target | undefined
  readonly database: Database | undefined
  readonly notApplicable: string | undefined
  /** Instances are processes of their own. */
  readonly asProcesses: boolean
  /** Of the runtime: the block's. */
  readonly seed: number
  readonly databasePrefix: string
  close(): Promise<void>
}

/** Progress and Ctrl-C get their turn about every 10,000 virtual events. */
export async function openCell(plan: CellPlan, context: CellContext, breathe: () => void): Promise<OpenCell> {
  const { workload } = plan
  const definition = findProgram(workload.pattern)
  const family = plan.targetUrl === undefined ? 'redis' : parseTargetUrl(plan.targetUrl).family
  const seed = blockSeed(context.seed, plan.block)
  const runtime = context.virtual ? createVirtualRuntime({ seed, breathe }) : createRealRuntime({ seed })
  const notApplicable = whyNotApplicable(definition, family)
  const asProcesses = !context.virtual && workload.instances > 1 && notApplicable === undefined
  const databasePrefix = `${context.runPrefix.slice(KEY_PREFIX.length).replace(/[^a-z0-9]+/gi, '_')}${plan.block}`
  const opened: { close(): Promise<void> }[] = []
  const close = async () => {
    // One that can't be closed must not keep the others open: they would hold the process.
    const failures: unknown[] = []
    for (const one of opened.splice(0).reverse()) await one.close().catch((error: unknown) => failures.push(error))
    if (runtime.kind === 'real') runtime.close()
    if (failures.length > 0) throw failures[0]
  }
  try {
    let target: Target | undefined
    if (definition.usesCache && plan.targetUrl !== undefined) {
      const options = { runtime, client: plan.client, env: context.env, network: workload.network }
      const served = asProcesses && plan.targetUrl.startsWith('engine:')
      const aimed = served ? await openServedEngine(plan.targetUrl, options) : await openTarget(plan.targetUrl, options)
      opened.push(aimed)
      target = aimed
    }
    let database: Database | undefined
    if (definition.usesDatabase && notApplicable === undefined) {
      database = await openDatabase(workload.database, { runtime, prefix: databasePrefix, env: context.env, shared: asProcesses })
      opened.push(database)
    }
    return { runtime, seed, definition, family, target, database, notApplicable, asProcesses, databasePrefix, close }
  } catch (error) {
    await close()
    throw error
  }
}
