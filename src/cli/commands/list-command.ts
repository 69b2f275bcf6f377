import { FAULTS } from '../../chaos/registry.ts'
import { CLAIMS } from '../../check/claims/registry.ts'
import { profileNames } from '../../engine/engine-choice.ts'
import { METRICS } from '../../measure/metrics/catalogue.ts'
import { AGGREGATE_CLASSES, STATISTICS } from '../../measure/metrics/latency-metric.ts'
import { nearest } from '../../measure/nearest.ts'
import { terminalList } from '../../report/terminal/terminal-list.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { CLIENT_NAMES } from '../../targets/client-choice.ts'
import { ENGINES, TARGET_FORMS } from '../../targets/url/target-url.ts'
import { ALL_PROPERTIES } from '../../validate/all-properties.ts'
import { PROGRAMS } from '../../workload/patterns/registry.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { findWorkloads, suiteNames } from '../find-workloads.ts'
import { textOptions } from '../terminal.ts'

/** One thing there is: its name as it is typed, and a line about it. */
export interface Listed {
  readonly name: string
  readonly summary: string
}

const REGISTRY = { patterns: PROGRAMS, faults: FAULTS }

const KINDS: Readonly<Record<string, () => readonly Listed[]>> = {
  workloads: () => findWorkloads(suiteNames(), REGISTRY).map(({ name, description }) => ({ name, summary: description })),
  patterns: () => PROGRAMS.map(({ name, summary }) => ({ name, summary })),
  properties: () =>
    ALL_PROPERTIES.map(({ id, sentence, reach }) => ({ name: id, summary: reach === 'server' ? `${sentence} (needs --allow server)` : sentence })),
  faults: () => FAULTS.map(({ name, summary }) => ({ name, summary })),
  targets: () => TARGET_FORMS.map((name) => ({ name, summary: targetSummary(name) })),
  clients: () => CLIENT_NAMES.map((name) => ({ name, summary: CLIENTS[name] })),
  metrics: () => [
    ...METRICS.map(({ name, summary }) => ({ name, summary })),
    ...AGGREGATE_CLASSES.map((name) => ({
      name: `${name}.<${STATISTICS.join('|')}>`,
      summary: 'Response time, due to answered; also of each class of the pattern, such as read_hit.p99.',
    })),
  ],
  claims: () => CLAIMS.map(({ id, sentence }) => ({ name: id, summary: sentence })),
  profiles: () =>
    ENGINES.flatMap((engine) => profileNames(engine).map((name, index) => ({ name, summary: index === 0 ? `the default of engine:${engine}` : '' }))),
}

const CLIENTS: Readonly<Record<(typeof CLIENT_NAMES)[number], string>> = {
  wire: 'our own: pipelining, a deadline for each operation, no hidden retry; speaks to every kind of target',
  ioredis: 'ioredis with settings fit for measuring; Redis and Valkey',
  'ioredis:defaults': 'ioredis as it comes, retries and offline queue included',
  memjs: 'memjs with settings fit for measuring; Memcached',
  'memjs:defaults': 'memjs as it comes, retries included',
}

/** What there is of a kind, or of all. Throws `UsageError` that names the nearest kind when there is none of that name. */
export function listCommand(kind: string | undefined, flags: { readonly json?: boolean }): ExitCode {
  if (kind !== undefined && !Object.hasOwn(KINDS, kind)) {
    const names = Object.keys(KINDS)
    const close = nearest(kind, names)
    throw new UsageError(
      `there is nothing to list called "${kind}"`,
      close === undefined ? `kinds are ${names.join(', ')}` : `did you mean ${close}?`,
    )
  }
  const chosen = kind === undefined ? Object.keys(KINDS) : [kind]
  const lists = Object.fromEntries(chosen.map((name) => [name, KINDS[name]!()]))
  process.stdout.write(flags.json ? `${JSON.stringify(lists)}\n` : terminalList(lists, textOptions(process.stdout)))
  return EXIT.ok
}

function targetSummary(form: string): string {
  const scheme = form.slice(0, form.indexOf(':'))
  const summaries: Readonly<Record<string, string>> = {
    engine: 'the reference engine in this process, behind a modelled network',
    local: 'a real server found on PATH, started for the length of the run',
    rediss: 'a Redis endpoint over TLS',
    valkeys: 'a Valkey endpoint over TLS',
    redis: 'a Redis endpoint',
    valkey: 'a Valkey endpoint',
    memcached: 'Memcached nodes, keys spread by consistent hashing',
  }
  return summaries[scheme] ?? ''
}
