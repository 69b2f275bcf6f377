import { hasFaults, type Workload } from '../../workload/workload.ts'

/** For each workload with faults the same one without, unless it is among them already. */
export function controlsOf(workloads: readonly Workload[]): readonly Workload[] {
  const known = new Set(workloads.filter((workload) => !hasFaults(workload)).map(identityOf))
  return workloads.filter(hasFaults).flatMap((workload) => {
    const control = withoutFaults(workload)
    const identity = identityOf(control)
    if (known.has(identity)) return []
    known.add(identity)
    return [control]
  })
}

/** What is expected around a fault is expected of nothing else. */
function withoutFaults(workload: Workload): Workload {
  const { killInstance: _, variant, ...rest } = workload
  return {
    ...rest,
    name: `${workload.name} (no fault)`,
    variant: { of: variant?.of ?? workload.name, settings: variant?.settings ?? {} },
    faults: [],
    expect: [],
    baseline: false,
  }
}

/** What it does, whatever it is called and whatever is expected of it. */
function identityOf({ name: _, description: __, source: ___, variant: ____, expect: _____, baseline: ______, ...does }: Workload): string {
  return JSON.stringify(does)
}
