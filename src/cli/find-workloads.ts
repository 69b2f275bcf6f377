import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest } from '../measure/nearest.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { redactUrl } from '../targets/url/redact-url.ts'
import type { ParsedWorkload } from '../workload/file/parse-workload.ts'
import { readWorkloadFile } from '../workload/file/read-workload-file.ts'
import { formatSpecError } from '../workload/file/spec-error.ts'
import type { SpecRegistry } from '../workload/file/spec-registry.ts'
import type { Variation } from '../workload/file/variation.ts'
import { type VariedWorkloads, varyWorkload } from '../workload/file/vary-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { DEFAULT_WORKLOADS } from './default-run.ts'

/** The folder of the suites that come with the package. */
export function suiteFolder(): string {
  for (const path of ['../../workloads', '../../../workloads']) {
    const folder = fileURLToPath(new URL(path, import.meta.url))
    if (existsSync(folder)) return folder
  }
  throw new Error('the folder "workloads" of this package is missing')
}

export function suiteNames(): readonly string[] {
  return readdirSync(suiteFolder())
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort()
}

/** Reads workload files and suites by name, once for every value that is varied. Throws `UsageError` with everything that is wrong in any of them. */
export function findWorkloads(given: readonly string[], registry: SpecRegistry, variations: readonly Variation[] = []): readonly Workload[] {
  const names = given.length > 0 ? given : DEFAULT_WORKLOADS
  const read = names.map((name) =>
    variations.length > 0 ? varyWorkload(pathOf(name), variations, registry) : oneOf(readWorkloadFile(pathOf(name), registry)),
  )
  const errors = read.flatMap((one) => (one.ok ? [] : one.errors))
  if (errors.length > 0) throw new UsageError(errors.map(formatSpecError).join('\n'))
  const workloads = read.flatMap((one) => (one.ok ? one.workloads : []))
  const twice = workloads.find((one, index) => workloads.findIndex(({ name }) => name === one.name) < index)
  if (twice) throw new UsageError(`two workloads are called "${twice.name}"`, 'a name stands for one workload in a report: rename one of them')
  return workloads
}

function oneOf(parsed: ParsedWorkload): VariedWorkloads {
  return parsed.ok ? { ok: true, workloads: [parsed.workload] } : parsed
}

function pathOf(name: string): string {
  const suites = suiteNames()
  if (suites.includes(name)) return join(suiteFolder(), `${name}.yaml`)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
    const shown = redactUrl(name)
    throw new UsageError(`"${shown}" is a URL, and no workload`, `aim at it by --target ${shown}`)
  }
  // Anything that looks like a path is one; its own error says when it is not there.
  if (/[/\\.]/.test(name) || existsSync(name)) return name
  const close = nearest(name, suites)
  throw new UsageError(`there is no workload "${name}"`, close ? `did you mean ${close}?` : `a file, or one of ${suites.join(', ')}`)
}
