import { DATABASE_KINDS } from '../../measure/database-kind.ts'
import { nearest } from '../../measure/nearest.ts'
import type { FaultPlan } from '../fault-plan.ts'
import type { PhaseSpec, Workload } from '../workload.ts'
import { HISTORY_LEVEL_WORDS, parseHistoryLevel } from './history-level.ts'
import { redact, show } from './redact.ts'
import { checkTogether, measuredNanos } from './resolve-workload.ts'
import { DATABASE_URL, DATABASE_URL_FORMS, defaultLatency, kindOfUrl } from './schema/database-schema.ts'
import { warmUpCapNanos } from './schema/phases-schema.ts'
import { formatPath, type SpecError } from './spec-error.ts'
import type { SpecFault } from './spec-registry.ts'
import { parseDuration, parseRate, type Quantity } from './units.ts'

/** What the command line changes in a workload; as it was typed. */
export interface Overrides {
  readonly duration?: string
  readonly rate?: string
  readonly fault?: readonly string[]
  readonly database?: string
  readonly history?: string
}

export type OverriddenWorkload = { readonly ok: true; readonly workload: Workload } | { readonly ok: false; readonly errors: readonly SpecError[] }

/**
 * Applies the command line to a workload, or says everything that is wrong with it, in the manner of
 * `parseWorkload`. Afterwards the whole is checked again: a fault must still begin before the run ends.
 */
export function applyOverrides(workload: Workload, flags: Overrides, faults: readonly SpecFault[]): OverriddenWorkload {
  const errors: SpecError[] = []
  let changed = workload
  const use = (result: Workload | SpecError): void => {
    if ('expected' in result) errors.push(result)
    else changed = result
  }
  if (flags.duration !== undefined) use(withDuration(changed, flags.duration))
  if (flags.rate !== undefined) use(withRate(changed, flags.rate))
  if (flags.database !== undefined) use(withDatabase(changed, flags.database))
  if (flags.history !== undefined) use(withHistory(changed, flags.history))
  for (const text of flags.fault ?? []) {
    const plan = parseFaultFlag(text, faults)
    use('expected' in plan ? plan : { ...changed, faults: [...changed.faults, plan] })
  }
  if (errors.length === 0) {
    for (const problem of checkTogether(changed)) {
      errors.push({
        source: `workload ${workload.name}`,
        path: formatPath(problem.path),
        message: problem.message,
        expected: problem.expected,
        frame: [],
      })
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, workload: changed }
}

/**
 * `--duration` is the measured time. Measured phases keep their proportions, and what happens at an instant happens
 * at the same fraction of the run; how long a fault lasts stays. A fixed warm-up shrinks where it would be longer than
 * the measured time.
 */
function withDuration(workload: Workload, text: string): Workload | SpecError {
  const parsed = parseDuration(text)
  if (!parsed.ok) return quantityError('--duration', text, parsed)
  if (parsed.value < 1_000_000) return error('--duration', text, `${show(text)} is too short`, 'at least 1ms')
  const scale = parsed.value / measuredNanos(workload.phases)
  const { killInstance } = workload
  return {
    ...workload,
    phases: workload.phases.map((phase) => ({
      ...phase,
      durationNanos: phase.warmUp ? warmUpNanos(phase, parsed.value) : Math.max(1, Math.round(phase.durationNanos * scale)),
    })),
    faults: workload.faults.map((fault) => ({ ...fault, atNanos: Math.floor(fault.atNanos * scale) })),
    ...(killInstance && { killInstance: { ...killInstance, atNanos: Math.floor(killInstance.atNanos * scale) } }),
  }
}

function warmUpNanos({ auto, durationNanos }: PhaseSpec, measured: number): number {
  return auto ? warmUpCapNanos(measured) : Math.min(durationNanos, measured)
}

function withRate(workload: Workload, text: string): Workload | SpecError {
  const parsed = parseRate(text, true)
  if (!parsed.ok) return quantityError('--rate', text, parsed)
  if (parsed.value < 0.01 || parsed.value > 10e6) return error('--rate', text, `${show(text)} is out of range`, 'between 0.01/s and 10M/s')
  if (workload.load.kind !== 'open') {
    const message = `the load of ${workload.name} is no open loop: its rate follows from the answers`
    return error('--rate', text, message, 'a workload with load: { open: ... }')
  }
  return { ...workload, load: { ...workload.load, ratePerSecond: parsed.value } }
}

function withDatabase(workload: Workload, url: string): Workload | SpecError {
  if (!DATABASE_URL.test(url)) {
    const scheme = /^[a-z0-9+]+/i.exec(url)?.[0] ?? ''
    const meant = nearest(scheme, [...DATABASE_KINDS, 'postgresql'])
    return {
      ...error('--database', redact(url), `${show(url)} is no database`, DATABASE_URL_FORMS),
      ...(meant !== undefined && { meant: `${meant}:` }),
    }
  }
  const kind = kindOfUrl(url) ?? DATABASE_KINDS[0]
  const { latency: _, ...database } = workload.database
  // The service time belongs to the kind of database the workload was written for.
  const latency = kind === workload.database.kind ? workload.database.latency : defaultLatency(kind)
  return { ...workload, database: { ...database, kind, url, ...(latency && { latency }) } }
}

function withHistory(workload: Workload, text: string): Workload | SpecError {
  const historyLevel = parseHistoryLevel(text)
  if (historyLevel) return { ...workload, historyLevel }
  return { ...error('--history', text, `${show(text)} is not valid`, HISTORY_LEVEL_WORDS), example: 'keys:1/100' }
}

const FAULT_FLAG = /^([^:@\s]+)(?::([^@\s]+))?\s*(?:@\s*(.*?))?(?:\s+for\s+(.*))?$/
const FAULT_SHAPE = "a fault, what it acts on, when and for how long, such as 'kill:primary@10s for 2s'"

/** `kill:primary@10s for 2s`; without `:on` it acts on the primary, without `for` it lasts until the end of the run. */
export function parseFaultFlag(text: string, faults: readonly SpecFault[]): FaultPlan | SpecError {
  const match = FAULT_FLAG.exec(text.trim())
  if (!match) return error('--fault', text, `${show(text)} is no fault`, FAULT_SHAPE)
  const [, name = '', on = 'primary', at, lasts] = match
  const names = faults.map((fault) => fault.name)
  if (!names.includes(name)) {
    const meant = nearest(name, names)
    return {
      ...error('--fault', text, `no fault is called ${show(name)}`, `one of ${names.join(', ')}`, name),
      ...(meant !== undefined && { meant }),
    }
  }
  if (at === undefined) return error('--fault', text, 'it does not say when', FAULT_SHAPE)
  const atNanos = parseDuration(at)
  if (!atNanos.ok) return quantityError('--fault', text, atNanos, at)
  if (lasts === undefined) return { fault: name, on, atNanos: atNanos.value }
  const forNanos = parseDuration(lasts)
  if (!forNanos.ok) return quantityError('--fault', text, forNanos, lasts)
  return { fault: name, on, atNanos: atNanos.value, forNanos: forNanos.value }
}

function quantityError(flag: string, text: string, quantity: Extract<Quantity, { ok: false }>, part = text): SpecError {
  const { expected, example, reason, meant } = quantity.problem
  const message = reason === undefined ? `${show(part)} is not valid` : `${show(part)}: ${reason}`
  return { ...error(flag, text, message, expected, part), example, ...(meant !== undefined && { meant }) }
}

/** `part`: the piece of the text that is wrong, for the caret. */
function error(flag: string, text: string, message: string, expected: string, part = text): SpecError {
  const shown = redact(text)
  const at = shown.indexOf(part)
  const carets = at < 0 || part === '' ? '^'.repeat(Math.max(1, shown.length)) : `${' '.repeat(at)}${'^'.repeat(part.length)}`
  return { source: flag, path: '', message, expected, frame: [`${flag} ${shown}`, `${' '.repeat(flag.length)} ${carets}`] }
}
