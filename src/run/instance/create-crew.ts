import { createHash } from 'node:crypto'
import type { Client } from '../../client/client.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Target } from '../../targets/target.ts'
import { connectionShare } from '../../workload/load/shares.ts'
import { startAuditMeter } from '../audit/audit-meter.ts'
import { ClockGaps } from '../audit/clock-gaps.ts'
import type { CellContext } from '../cell/cell-context.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import type { OpenCell } from '../cell/open-cell.ts'
import type { PhaseSchedule } from '../cell/phase-schedule.ts'
import type { Rows } from '../cell/rows.ts'
import { CellRecorder } from '../record/cell-recorder.ts'
import type { Crew } from './crew.ts'
import { InProcessCrew, type Member } from './in-process-crew.ts'
import { Instance } from './instance.ts'
import { PausableClient } from './pausable-client.ts'
import { ProcessCrew } from './process-crew.ts'

export interface CreateCrewOptions {
  readonly plan: CellPlan
  readonly context: CellContext
  readonly opened: OpenCell
  readonly operations: OperationRecorder
  readonly rows: Rows
  readonly schedule: PhaseSchedule
  /** A mistake of a pattern or of ours. */
  readonly crashed: (error: unknown) => void
}

/** The crew a cell needs, with its database loaded. */
export async function createCrew(options: CreateCrewOptions): Promise<Crew> {
  const { opened, context, plan, schedule } = options
  if (!opened.asProcesses || opened.runtime.kind !== 'real') return inProcess(options)
  // It prepares and verifies, and is none of the instances: a number of its own keeps its rows apart.
  const number = plan.workload.instances
  const { target, runtime } = opened
  const client = target && (await PausableClient.open(() => connect(options, target, number, 1), runtime))
  const { instance: home, recorder } = member(options, number, client)
  await loadRows(options, home)
  return new ProcessCrew({
    runtime,
    home,
    homeRecorder: recorder,
    homeClient: client,
    operations: options.operations,
    definition: opened.definition,
    recorderOf: (instance) => recorderOf(options, instance),
    schedule,
    note: (text) => context.observer.note?.(text),
    crashed: options.crashed,
    configs: Array.from({ length: plan.workload.instances }, (_, instance) => {
      const segmentFile = options.rows.segmentFileOf(instance)
      return {
        workload: plan.workload,
        seed: opened.seed,
        instance,
        block: plan.block,
        targetUrl: target!.connectUrl!,
        client: plan.client,
        databasePrefix: opened.databasePrefix,
        keyPrefix: keyPrefixOf(plan, context),
        ...(opened.database?.attachUrl !== undefined && { databaseUrl: opened.database.attachUrl }),
        ...(segmentFile !== undefined && { segmentFile }),
      }
    }),
  })
}

async function inProcess(options: CreateCrewOptions): Promise<Crew> {
  const { opened, plan, schedule } = options
  const { instances, load } = plan.workload
  const { runtime } = opened
  const gaps = runtime.kind === 'real' ? new ClockGaps() : undefined
  const members: Member[] = []
  for (let number = 0; number < instances; number++) {
    const { target } = opened
    const client = target && (await connect(options, target, number, connectionShare(load.connections, number, instances)))
    members.push(member(options, number, client, gaps))
  }
  await loadRows(options, members[0]!.instance)
  const startMeter = gaps && runtime.kind === 'real' ? (originNanos: number) => startAuditMeter(runtime, gaps, originNanos) : undefined
  return new InProcessCrew(runtime, schedule, members, startMeter)
}

async function connect({ plan, context, opened }: CreateCrewOptions, target: Target, number: number, connections: number): Promise<Client> {
  const client = await target.connect({ deadlineNanos: plan.workload.deadlineNanos, connections, id: number })
  return context.plant?.wrapClient?.(client, opened.runtime) ?? client
}

function member(options: CreateCrewOptions, number: number, client: Client | undefined, gaps?: ClockGaps): Member {
  const { plan, context, opened, crashed } = options
  const { workload } = plan
  const recorder = recorderOf(options, number)
  const instance = new Instance({
    workload,
    runtime: opened.runtime,
    instance: number,
    family: opened.family,
    client,
    database: opened.database,
    recorder,
    keyPrefix: keyPrefixOf(plan, context),
    crashed,
    gaps,
    signal: context.signal,
    ...(context.plant && { plant: context.plant }),
  })
  return { instance, client, recorder }
}

function recorderOf({ plan, opened, operations, rows }: CreateCrewOptions, instance: number): CellRecorder {
  const { workload, block } = plan
  return new CellRecorder({
    operations,
    ...(rows.builder && { rows: rows.builder }),
    level: workload.historyLevel,
    classes: opened.definition.classes,
    ...{ instance, instances: workload.instances, block },
  })
}

async function loadRows({ plan, context, opened }: CreateCrewOptions, instance: Instance): Promise<void> {
  if (!opened.database) return
  const { preparing } = context.observer
  const total = plan.workload.keys.count
  await opened.database.load(preparing ? told(instance.rows(), (done) => preparing({ plan, what: 'rows loaded', done, total })) : instance.rows())
}

const TELL_EVERY_ROWS = 10_000

/** The rows, and how many have gone by. */
function* told<Row>(rows: Iterable<Row>, tell: (done: number) => void): Generator<Row> {
  let done = 0
  for (const row of rows) {
    yield row
    if (++done % TELL_EVERY_ROWS === 0) tell(done)
  }
}

/** Own to the run and the cell: cells on one endpoint never meet. Short, since Memcached keys end at 250 bytes. */
export function keyPrefixOf(plan: CellPlan, context: Pick<CellContext, 'runPrefix'>): string {
  return `${context.runPrefix}${createHash('sha256').update(plan.id).digest('hex').slice(0, 6)}:`
}
