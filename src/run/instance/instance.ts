import { scheduleLagLimitNanos } from '../../check/audit.ts'
import { MemcachedCache } from '../../client/cache/memcached-cache.ts'
import { RedisCache } from '../../client/cache/redis-cache.ts'
import type { Client } from '../../client/client.ts'
import { TargetError } from '../../client/target-error.ts'
import type { Database } from '../../database/database.ts'
import { Roster } from '../../runtime/roster.ts'
import type { Nanos, Runtime } from '../../runtime/runtime.ts'
import { createKeyChooser } from '../../workload/keys/create-key-chooser.ts'
import type { Share } from '../../workload/load/share.ts'
import type { Pattern, PatternContext } from '../../workload/pattern.ts'
import { findProgram } from '../../workload/patterns/registry.ts'
import { createValueMaker } from '../../workload/values/create-value-maker.ts'
import type { Workload } from '../../workload/workload.ts'
import type { ClockGaps } from '../audit/clock-gaps.ts'
import { LoadAudit } from '../audit/load-audit.ts'
import { createLoadLoop } from '../load/create-load-loop.ts'
import type { LoadLoop } from '../load/load-loop.ts'
import { MixProgram } from '../load/mix-program.ts'
import { PatternProgram } from '../load/pattern-program.ts'
import type { OperationSketch } from '../load/program.ts'
import type { CellRecorder } from '../record/cell-recorder.ts'
import { OperationWorld, type WorldParts } from '../record/operation-world.ts'
import { StepEnded, StepGuard } from '../record/step-guard.ts'

export interface InstanceOptions {
  readonly workload: Workload
  readonly runtime: Runtime
  readonly instance: number
  readonly family: 'redis' | 'memcached'
  readonly client: Client | undefined
  readonly database: Database | undefined
  readonly recorder: CellRecorder
  readonly keyPrefix: string
  /** A mistake in a pattern: ends the run. */
  readonly crashed: (error: unknown) => void
  /** Told before an operation of a closed loop begins. */
  readonly claim?: (index: number) => void
  readonly plant?: Plant
  /** Of this process; real time only. */
  readonly gaps?: ClockGaps | undefined
  /** Ctrl-C: what is done before and after the load ends there. */
  readonly signal?: AbortSignal
}

/** Planted faults, for tests of what must be noticed. Nothing a user can reach sets them. */
export interface Plant {
  readonly wrapClient?: (client: Client, runtime: Runtime) => Client
  readonly createPattern?: (context: PatternContext<unknown>) => Pattern
}

/** One application instance: its own client, its own copy of the program, its share of the operations. */
export class Instance {
  readonly #options: InstanceOptions
  readonly #pattern: Pattern | undefined
  readonly #program: PatternProgram | MixProgram
  readonly #parts: WorldParts
  #loop: LoadLoop | undefined
  #audit: LoadAudit | undefined
  /** What it took over before its load began. */
  readonly #inherited: Share[] = []

  constructor(options: InstanceOptions) {
    this.#options = options
    const { workload, runtime, client, database, recorder, plant } = options
    const definition = findProgram(workload.pattern)
    const context = contextOf(options)
    this.#parts = {
      runtime,
      recorder,
      instances: workload.instances,
      client,
      database,
      pending: new Roster(),
      createCache: (call) => (options.family === 'redis' ? new RedisCache(call) : new MemcachedCache(call, runtime.wall)),
    }
    const loop = () => this.#loop!
    if (definition.kind === 'mix') {
      const mix = definition.create({ ...context, family: options.family })
      if (!client) throw new Error('a mix needs a cache')
      this.#program = new MixProgram({ mix, client, runtime, recorder, instances: workload.instances, loop })
    } else {
      this.#pattern = plant?.createPattern ? plant.createPattern(context) : definition.create(context)
      this.#program = new PatternProgram({ pattern: this.#pattern, parts: this.#parts, loop, crashed: options.crashed })
    }
  }

  get loop(): LoadLoop | undefined {
    return this.#loop
  }

  /** Whose doing it was that operations began late; undefined before the load. */
  get audit(): LoadAudit | undefined {
    return this.#audit
  }

  /** Rows the database is to start with. */
  rows(): Iterable<{ readonly key: string; readonly value: Uint8Array }> {
    return this.#pattern?.rows?.() ?? []
  }

  async prepare(): Promise<void> {
    const program = this.#program
    if (program instanceof MixProgram) await this.#guarded((guard) => program.fill(contextOf(this.#options).keys, guard))
    await this.#once('prepare', (pattern, world) => pattern.prepare?.(world))
  }

  async fill(): Promise<number> {
    const { load } = this.#options.workload
    let entries = 0
    await this.#once('fill', async (pattern, world) => {
      entries = (await pattern.fill?.(world, { ratePerSecond: load.kind === 'open' ? load.ratePerSecond : null })) ?? 0
    })
    return entries
  }

  /** `lastIndex`: of the last operation that any instance began. */
  async verify(lastIndex: number): Promise<void> {
    // Where nothing can be read back the run stands: what was not read is not judged.
    await this.#once('verify', (pattern, world) => pattern.verify?.(world, lastIndex)).catch((error: unknown) => {
      if (!(error instanceof TargetError)) throw error
    })
  }

  /** Makes load until `untilNanos`. What is due is due so long after `originNanos`: both on the runtime's axis. */
  start(originNanos: Nanos, untilNanos: Nanos, drained: () => void): void {
    const { workload, runtime, instance, gaps, claim } = this.#options
    const { instances } = workload
    this.#audit = new LoadAudit({
      originNanos,
      lateNanos: scheduleLagLimitNanos(workload.load.kind === 'open' ? workload.load.ratePerSecond : null),
      gaps,
    })
    const options = { instance, instances, originNanos, untilNanos, drained, audit: this.#audit, ...(claim && { claim }) }
    this.#loop = createLoadLoop(workload.load, runtime, this.#program, options)
    this.#loop.start()
    for (const share of this.#inherited) this.#loop.takeOver(share)
  }

  stop(): void {
    this.#loop?.stop()
  }

  /** Gives up what is under way: it is unknown, and none of the program's code runs again. */
  abandon(): void {
    this.#program.kill()
    this.#loop?.abandon()
  }

  /** As when its process is killed. `heirs`: whether others take over what is left of its share, which is the answer then. */
  kill(heirs: boolean): Share | undefined {
    this.#program.kill()
    if (heirs) return this.#loop?.leave()
    this.#loop?.vacate()
    return undefined
  }

  takeOver(share: Share): void {
    if (this.#loop) this.#loop.takeOver(share)
    else this.#inherited.push(share)
  }

  describe(index: number): OperationSketch {
    return this.#program.describe(index)
  }

  async #once(name: string, step: (pattern: Pattern, world: OperationWorld) => Promise<void> | undefined): Promise<void> {
    const pattern = this.#pattern
    if (!pattern) return
    const { runtime } = this.#options
    await this.#guarded((guard) =>
      runtime.run(name, async (task) => {
        await step(pattern, new OperationWorld(this.#parts, task, -1, 0, runtime.now(), guard))
      }),
    )
  }

  async #guarded(step: (guard: StepGuard) => Promise<void>): Promise<void> {
    const { runtime, signal } = this.#options
    const guard = new StepGuard(signal, () => runtime.now())
    try {
      await step(guard)
    } catch (error) {
      if (!(error instanceof StepEnded)) throw error
      if (error.failure) {
        const { code, message } = error.failure
        throw new TargetError('TARGET_UNUSABLE', `nearly every call failed before the load could begin: ${code}: ${message}`)
      }
    } finally {
      guard.end()
    }
  }
}

function contextOf(options: InstanceOptions): PatternContext<unknown> {
  const { workload, runtime, keyPrefix } = options
  return {
    settings: workload.settings,
    keys: createKeyChooser(workload.keys, runtime.chance.stream('keys')),
    values: createValueMaker(workload.values, runtime.chance.stream('values')),
    stream: (concern) => runtime.chance.stream(`pattern ${concern}`),
    keyName: (suffix) => `${keyPrefix}${suffix}`,
    instance: options.instance,
    instances: workload.instances,
    safetyTtlMillis: safetyTtlMillis(workload),
  }
}

/** Longer than any run of this workload, so that what clean-up misses goes away by itself. */
function safetyTtlMillis(workload: Workload): number {
  const seconds = workload.phases.reduce((sum, phase) => sum + phase.durationNanos / 1e9, 0)
  return Math.ceil(seconds * 2 + 3600) * 1000
}
