import type { Workload } from '../workload.ts'
import { parseWorkload } from './parse-workload.ts'
import { readSpecText } from './read-workload-file.ts'
import type { SpecError } from './spec-error.ts'
import type { SpecRegistry } from './spec-registry.ts'
import { type Variation, withSetting } from './variation.ts'

export type VariedWorkloads =
  | { readonly ok: true; readonly workloads: readonly Workload[] }
  | { readonly ok: false; readonly errors: readonly SpecError[] }

/**
 * A workload file once for every combination of the values, each read and checked as if it had been written so: errors are
 * those of the file, at the place of the setting.
 */
export function varyWorkload(path: string, variations: readonly Variation[], registry: SpecRegistry): VariedWorkloads {
  const read = readSpecText(path)
  if (!read.ok) return { ok: false, errors: [read.error] }
  // What is wrong with the file itself is told once, and as it stands there.
  const plain = parseWorkload(read.text, path, registry)
  if (!plain.ok) return plain
  const errors = new Map<string, SpecError>()
  const workloads = combinations(variations).flatMap((settings) => {
    const parsed = variantOf(read.text, path, settings, registry)
    if (parsed.ok)
      return [{ ...parsed.workload, name: nameOf(parsed.workload.name, settings), source: path, variant: { of: parsed.workload.name, settings } }]
    for (const error of parsed.errors) errors.set(JSON.stringify(error), error)
    return []
  })
  return errors.size > 0 ? { ok: false, errors: [...errors.values()] } : { ok: true, workloads }
}

function variantOf(yaml: string, path: string, settings: Readonly<Record<string, string>>, registry: SpecRegistry) {
  const given = Object.entries(settings).map(([setting, value]) => `${setting}=${value}`)
  let text = yaml
  for (const [setting, value] of Object.entries(settings)) text = withSetting(text, setting, value) ?? text
  return parseWorkload(text, `${path} with ${given.join(' ')}`, registry)
}

/** Every combination of the values, the last variation fastest. */
function combinations(variations: readonly Variation[]): readonly Readonly<Record<string, string>>[] {
  return variations.reduce<readonly Readonly<Record<string, string>>[]>(
    (all, { path, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [path]: value }))),
    [{}],
  )
}

/** "cache-aside ttl=10s": unique in the run. */
function nameOf(name: string, settings: Readonly<Record<string, string>>): string {
  const paths = Object.keys(settings)
  const short = (path: string) => {
    const last = path.split('.').at(-1)!
    return paths.some((other) => other !== path && other.endsWith(`.${last}`)) ? path : last
  }
  return `${name} ${paths.map((path) => `${short(path)}=${settings[path]}`).join(',')}`
}
