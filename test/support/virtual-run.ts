import { FAULTS } from '../../src/chaos/registry.ts'
import type { Cell } from '../../src/measure/run-result.ts'
import type { Plant } from '../../src/run/instance/instance.ts'
import { type FinishedRun, run } from '../../src/run/run.ts'
import type { RunObserver } from '../../src/run/run-observer.ts'
import { parseWorkload } from '../../src/workload/file/parse-workload.ts'
import { formatSpecError } from '../../src/workload/file/spec-error.ts'
import { PROGRAMS } from '../../src/workload/patterns/registry.ts'
import type { Workload } from '../../src/workload/workload.ts'

export interface VirtualRunOptions {
  readonly seed?: number
  readonly target?: string
  /** How many cells may run at once; 1 unless told. */
  readonly workers?: number
  readonly folder?: string
  readonly plant?: Plant
  readonly blocks?: number
  readonly observer?: RunObserver
}

/** A workload as it would stand in a file; what is wrong with it fails the test in the parser's words. */
export function workloadOf(yaml: string): Workload {
  const parsed = parseWorkload(yaml, 'test.yaml', { patterns: PROGRAMS, faults: FAULTS })
  if (!parsed.ok) throw new Error(parsed.errors.map(formatSpecError).join('\n'))
  return parsed.workload
}

/** Runs workloads on virtual time as `cacheproof run --virtual` does. */
export function virtualRun(yamls: readonly string[], options: VirtualRunOptions = {}): Promise<FinishedRun> {
  return run({
    name: 'test',
    workloads: yamls.map(workloadOf),
    targets: [options.target ?? 'engine:redis'],
    clients: ['wire'],
    seed: options.seed ?? 7,
    blocks: options.blocks ?? 1,
    virtual: true,
    workers: options.workers ?? 1,
    ...(options.folder !== undefined && { folder: options.folder }),
    command: 'cacheproof run test.yaml --virtual',
    env: {},
    signal: new AbortController().signal,
    observer: options.observer ?? {},
    faultsAllowed: false,
    ...(options.plant && { plant: options.plant }),
  })
}

export function measuredCell({ result }: FinishedRun): Cell {
  return result.cells.find(({ role }) => role === 'measured')!
}
