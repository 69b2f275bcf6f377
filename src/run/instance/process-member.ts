import { type ChildProcess, fork } from 'node:child_process'
import type { LoadTally } from '../../check/load-tally.ts'
import type { ProcessReading } from '../../check/process-meter.ts'
import { TargetError } from '../../client/target-error.ts'
import { entryFile } from '../../runtime/entry-file.ts'
import { type Nanos, SECOND } from '../../runtime/runtime.ts'
import { processStart } from '../../targets/local/process-identity.ts'
import { theReaper } from '../../targets/local/reaper.ts'
import { joinShares, type Share, shareOfInstance } from '../../workload/load/share.ts'
import { NO_WIRE } from '../record/wire-totals.ts'
import { ClaimsFile } from './claims.ts'
import type { TakeOver } from './crew.ts'
import type { FromInstance, InstanceConfig, MemberCounts, ToInstance } from './instance-messages.ts'

/** A process that does not come up in this time never will. */
const READY_LIMIT_MILLIS = 30_000
/** Each tells twice a second; who is silent for longer stands still. */
const SILENT_NANOS = 2 * SECOND

/** An instance that is a child process, as its crew knows it. */
export class ProcessMember {
  readonly number: number
  readonly #child: ChildProcess
  readonly #takeBack: () => void
  readonly #gone: Promise<void>
  readonly #ready: Promise<void>
  counts: MemberCounts = { started: 0, inFlight: 0, censored: 0, lastIndex: -1, wire: NO_WIRE }
  reading: ProcessReading | undefined
  load: LoadTally | undefined
  /** When it was last heard of. */
  heardNanos: Nanos | undefined
  openConnections = 0
  drained = false
  expectedToEnd = false
  /** It ended before it had drained, because we killed it. */
  killedUnderWay = false
  /** What is, or was, its own of the load. */
  share: Share
  /** From this operation on others have what was its own. */
  belowIndex: number | undefined
  /** Who wants to know who took over; of one that was killed so that others do. */
  tookOver: ((takeOver: TakeOver) => void) | undefined
  /** Shares that it was told to take over, and has not yet said that it did. */
  unanswered = 0
  /** Its rows that had been measured when it told what it measured last. */
  toldRows = 0
  readonly claims = new ClaimsFile()
  /** Everything that it said has been heard. */
  readonly silent: Promise<void>

  constructor(config: InstanceConfig, heard: (member: ProcessMember, message: FromInstance | 'gone') => void) {
    this.number = config.instance
    this.share = shareOfInstance(config.instance, config.workload.instances)
    const child = fork(entryFile(import.meta.url, './instance-main.ts'), [], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', this.claims.handle],
    })
    this.#child = child
    this.#takeBack = killedWithUs(child.pid)
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => {
        this.#takeBack()
        resolve()
        heard(this, 'gone')
      })
    })
    this.silent = new Promise((resolve) => void child.once('disconnect', resolve))
    this.#ready = new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`application instance ${config.instance} did not come up`)), READY_LIMIT_MILLIS)
      child.once('exit', () => {
        clearTimeout(limit)
        reject(new Error(`application instance ${config.instance} ended before it was ready`))
      })
      child.on('message', (message: FromInstance) => {
        if (message.kind === 'ready') {
          clearTimeout(limit)
          resolve()
        } else if (message.kind === 'unusable') {
          clearTimeout(limit)
          reject(new TargetError(message.code, message.message, message.hint))
        } else {
          if (message.kind === 'measured' || message.kind === 'drained') this.counts = message.counts
          if (message.kind === 'measured') this.toldRows = message.rows
          heard(this, message)
        }
      })
    })
    // Whoever awaits `ready` hears of it; nobody may until the others are up.
    this.#ready.catch(() => {})
    this.send({ kind: 'prepare', config })
  }

  ready(): Promise<void> {
    return this.#ready
  }

  send(message: ToInstance): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  /** It is given up: where it has not been heard of for long, that is a gap that it could not tell of. */
  standsStillSince(startNanos: Nanos, now: Nanos): void {
    const heardNanos = Math.max(startNanos, this.heardNanos ?? startNanos)
    if (this.drained || this.expectedToEnd || now - heardNanos < SILENT_NANOS) return
    const { reading } = this
    const gap = { fromNanos: heardNanos - startNanos, toNanos: now - startNanos }
    this.reading = {
      meteredNanos: now - startNanos,
      eventLoopUtilization: reading?.eventLoopUtilization ?? null,
      eventLoopDelayP99Nanos: reading?.eventLoopDelayP99Nanos ?? null,
      gcPauseNanos: reading?.gcPauseNanos ?? 0,
      processorNanos: reading?.processorNanos ?? 0,
      gaps: [...(reading?.gaps ?? []), gap],
    }
  }

  takeOver(share: Share): void {
    this.share = joinShares(this.share, share)
    this.unanswered++
    this.send({ kind: 'take over', share })
  }

  kill(): void {
    this.killedUnderWay ||= !this.drained
    this.expectedToEnd = true
    this.#child.kill('SIGKILL')
  }

  async close(): Promise<void> {
    this.expectedToEnd = true
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL')
    await this.#gone
    this.claims.close()
  }
}

/** The process ends by itself when its channel closes; this is for one that hangs when we die. */
function killedWithUs(pid: number | undefined): () => void {
  const start = pid === undefined ? undefined : processStart(pid)
  return pid === undefined || start === undefined ? () => {} : theReaper().register({ kind: 'kill', pid, start })
}
