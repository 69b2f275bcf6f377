import { FAULTS } from '../../src/chaos/registry.ts'
import { DEFAULT_WORKLOADS } from '../../src/cli/default-run.ts'
import { findWorkloads } from '../../src/cli/find-workloads.ts'
import { run as runWorkloads } from '../../src/run/run.ts'
import { PROGRAMS } from '../../src/workload/patterns/registry.ts'

/** What a claim came to, by seed: "supported" -> the seeds. */
type Outcomes = Record<string, Record<string, number[]>>

/** What the default run is, and what it names as the test of what it can't test. */
const SUITES = [...DEFAULT_WORKLOADS, 'write-through-unread']

interface Options {
  readonly seeds?: number
  readonly seed?: number
  readonly resume?: { readonly next: number; readonly outcomes: Outcomes }
  readonly progress: (state: unknown, line?: string) => void
}

/** The bar: over 20 seeds of the default run on virtual time, and the suites it names, no claim is supported by one and contradicted by another. */
export async function run({ seeds = 20, seed = 1, resume, progress }: Options) {
  const outcomes: Outcomes = resume?.outcomes ?? {}
  const workloads = findWorkloads(SUITES, { patterns: PROGRAMS, faults: FAULTS })
  for (let next = resume?.next ?? seed; next < seed + seeds; next++) {
    const { result } = await runWorkloads({
      name: 'claims',
      workloads,
      targets: ['engine:valkey', 'engine:memcached'],
      clients: ['wire'],
      seed: next,
      blocks: 1,
      virtual: true,
      command: `cacheproof run ${SUITES.join(' ')} --virtual`,
      env: {},
      signal: new AbortController().signal,
      observer: {},
      faultsAllowed: false,
    })
    for (const { kind, id, claimOutcome } of result.verdicts) {
      if (kind !== 'claim') continue
      const words = outcomes[id] ?? {}
      words[claimOutcome!] = [...(words[claimOutcome!] ?? []), next]
      outcomes[id] = words
    }
    progress({ next: next + 1, outcomes }, `seed ${next}`)
  }
  const opposite = Object.entries(outcomes).flatMap(([id, words]) => (words['supported'] && words['contradicted'] ? [id] : []))
  const counts = Object.fromEntries(
    Object.entries(outcomes).map(([id, words]) => [id, Object.fromEntries(Object.entries(words).map(([word, of]) => [word, of.length]))]),
  )
  return { ok: opposite.length === 0, seeds, opposite, counts }
}
