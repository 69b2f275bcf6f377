import type { PhaseSpec, Workload } from '../workload.ts'
import { parseExpectation } from './expectation.ts'
import type { MappedProblem } from './parse-yaml-mapping.ts'
import type { WorkloadInput } from './schema/workload-schema.ts'
import type { SpecPattern } from './spec-registry.ts'

/** What depends on more than one key of the file. `lineOf`: where an expectation stands, for messages of `check/`. */
export function resolveWorkload(
  input: WorkloadInput,
  settings: unknown,
  pattern: SpecPattern,
  source: string,
  lineOf: (index: number) => number | undefined,
): { readonly workload: Workload; readonly problems: readonly MappedProblem[] } {
  const problems: MappedProblem[] = []
  const expect = input.expect.flatMap((text, index) => {
    const parsed = parseExpectation(
      text,
      pattern.classes.map((one) => one.name),
    )
    const line = lineOf(index)
    if (parsed.ok) return [{ ...parsed.expectation, ...(line !== undefined && { line }) }]
    const { message, expected, meant, offset, length } = parsed.problem
    problems.push({ path: ['expect', index], at: 'value', message, expected, ...(meant !== undefined && { meant }), within: { offset, length } })
    return []
  })

  const workload: Workload = {
    name: input.name,
    description: input.description,
    pattern: input.pattern,
    settings,
    keys: input.keys,
    values: input.values,
    database: input.database,
    load: input.load,
    phases: input.phases,
    faults: input.faults,
    expect,
    instances: input.instances,
    ...(input.kill_instance && { killInstance: { instance: input.kill_instance.instance, atNanos: input.kill_instance.at } }),
    historyLevel: input.history ?? { kind: pattern.kind === 'mix' ? 'off' : 'full' },
    baseline: input.baseline ?? (pattern.usesDatabase && pattern.name !== 'none'),
    deadlineNanos: input.deadline,
    network: input.network,
    source,
  }
  return { workload, problems: [...problems, ...checkTogether(workload)] }
}

/** What each key allows and the whole does not; for overrides, too. */
export function checkTogether(workload: Workload): readonly MappedProblem[] {
  const problems: MappedProblem[] = []
  const end = measuredNanos(workload.phases)
  workload.faults.forEach((fault, index) => {
    if (fault.atNanos < end) return
    problems.push({ path: ['faults', index, 'at'], at: 'value', message: 'the fault would begin after the run has ended', expected: endWords(end) })
  })
  const kill = workload.killInstance
  if (kill && workload.instances < 2) {
    problems.push({
      path: ['kill_instance'],
      at: 'key',
      message: 'the only instance would die and nothing would be left to measure',
      expected: 'instances: 2 or more beside it',
    })
  } else if (kill && kill.instance >= workload.instances) {
    const expected = `an instance from 0 to ${workload.instances - 1}`
    problems.push({ path: ['kill_instance', 'instance'], at: 'value', message: `there is no instance ${kill.instance}`, expected })
  }
  if (kill && kill.atNanos >= end) {
    problems.push({ path: ['kill_instance', 'at'], at: 'value', message: 'the instance would die after the run has ended', expected: endWords(end) })
  }
  return problems
}

export function measuredNanos(phases: readonly PhaseSpec[]): number {
  return phases.reduce((sum, phase) => sum + (phase.warmUp ? 0 : phase.durationNanos), 0)
}

function endWords(end: number): string {
  return `a time before ${end / 1e9}s, the sum of the measured phases (times count from the start of the first)`
}
