import { bytesInWords, countInWords, nanosInWords, rateInWords } from '../../measure/words.ts'

/** What a cell is made of, by factor, in words: { workload: "cache-aside", target: "local:redis", "with.ttl": "5 s" }. */
export type Factors = Readonly<Record<string, string>>

/** A cell that was planned, or one that was run: what its factors are read from. */
export interface FactorSource {
  readonly workload: string
  readonly pattern: string
  /** "local:redis"; "no cache" for the database alone. */
  readonly target: string
  readonly client: string
  /** The whole resolved workload; read leniently, since another version may have written it. */
  readonly settings: unknown
}

/** What differs comes in this order: a factor that follows from an earlier one is not shown beside it. */
const FIRST: readonly string[] = ['workload', 'pattern', 'target', 'client', 'database', 'instances']
export const FAULT = 'fault'
export const NO_FAULT = 'none'

/** Sorts names of factors: those that stand for themselves, then settings by name, what goes wrong at last. */
export function compareFactorNames(a: string, b: string): number {
  return placeOf(a) - placeOf(b) || (a < b ? -1 : a > b ? 1 : 0)
}

function placeOf(name: string): number {
  const at = FIRST.indexOf(name)
  return at >= 0 ? at : name === FAULT ? FIRST.length + 1 : FIRST.length
}

/** Settings stand under the path that they have in a workload file where that is one value ("with.ttl", "keys.count"). */
export function factorsOf({ workload, pattern, target, client, settings }: FactorSource): Factors {
  const whole = recordOf(settings)
  const variant = recordOf(whole['variant'])
  const database = recordOf(whole['database'])
  const { kind, url, ...service } = database
  const keys = recordOf(whole['keys'])
  const values = recordOf(whole['values'])
  const all: Record<string, string | undefined> = {
    workload: variant['of'] === undefined ? workload : String(variant['of']),
    pattern,
    target,
    client,
    ...(kind !== undefined && { database: databaseWords(String(kind), url) }),
    ...(whole['instances'] !== undefined && { instances: String(whole['instances']) }),
    ...leaves('with', whole['settings']),
    'keys.count': wordsOf('count', keys['count']),
    'keys.popularity': flatWords(keys['popularity']),
    'values.size': flatWords(values['size']),
    'values.compressible': wordsOf('', values['compressible']),
    'database.latency': flatWords(service['latency']),
    'database.concurrency': wordsOf('', service['concurrency']),
    load: flatWords(whole['load']),
    deadline: wordsOf('deadlineNanos', whole['deadlineNanos']),
    network: flatWords(whole['network']),
    [FAULT]: faultWords(whole),
    // As they were typed, over what was read out of them.
    ...Object.fromEntries(Object.entries(recordOf(variant['settings'])).map(([path, value]) => [path, String(value)])),
  }
  return Object.fromEntries(
    Object.entries(all)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .sort(([a], [b]) => compareFactorNames(a, b)),
  )
}

/** What SQLite does in memory on real time, a table does on virtual time: where none is named, it is the embedded one. */
function databaseWords(kind: string, url: unknown): string {
  const isUnnamed = url === undefined || url === `${kind}:`
  if (!isUnnamed) return `${kind} ${url}`
  return kind === 'sqlite' ? 'embedded' : kind
}

/** "kill primary at 2 s for 1 s, instance 1 ends at 3 s"; "none". */
function faultWords(whole: Readonly<Record<string, unknown>>): string {
  const faults = Array.isArray(whole['faults']) ? whole['faults'].map(recordOf) : []
  const kill = recordOf(whole['killInstance'])
  const words = faults.map(({ fault, on, atNanos, forNanos }) => {
    const lasts = typeof forNanos === 'number' ? ` for ${nanosInWords(forNanos)}` : ''
    return `${fault}:${on} at ${typeof atNanos === 'number' ? nanosInWords(atNanos) : '?'}${lasts}`
  })
  if (typeof kill['atNanos'] === 'number') words.push(`kill of instance ${kill['instance']} at ${nanosInWords(kill['atNanos'])}`)
  return words.length === 0 ? NO_FAULT : words.join(', ')
}

function leaves(path: string, value: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [key, one] of Object.entries(recordOf(value))) {
    const name = `${path}.${fileName(key)}`
    if (typeof one === 'object' && one !== null) Object.assign(found, leaves(name, one))
    else found[name] = wordsOf(key, one) ?? ''
  }
  return found
}

/** { kind: "lognormal", medianBytes: 400, p99Bytes: 4000 } -> "lognormal, median 400 B, p99 4 kB". */
function flatWords(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null) return wordsOf('', value)
  return Object.entries(value)
    .map(([key, one]) => (key === 'kind' ? String(one) : `${fileName(key).replaceAll('_', ' ')} ${flatWordsOf(key, one)}`))
    .join(', ')
}

function flatWordsOf(key: string, value: unknown): string {
  return typeof value === 'object' && value !== null ? (flatWords(value) ?? '') : (wordsOf(key, value) ?? '')
}

/** The name that a resolved setting has in a workload file: "ttlNanos" is ttl, "writeRatio" write_ratio. */
function fileName(key: string): string {
  return key.replace(/(?<=.)(Nanos|Millis|Bytes|PerSecond)$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** A resolved value in the unit that its name says. */
function wordsOf(key: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (value === null) return 'none'
  if (typeof value !== 'number') return String(value)
  if (key.endsWith('Nanos')) return nanosInWords(value)
  if (key.endsWith('Millis')) return nanosInWords(value * 1e6)
  if (key.endsWith('Bytes') || key === 'bytes') return bytesInWords(value)
  if (key.endsWith('PerSecond')) return rateInWords(value)
  return Number.isInteger(value) ? countInWords(value) : String(value)
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
