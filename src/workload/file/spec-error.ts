/** One thing wrong with a workload file or a command-line override, ready to print. Holds no secrets. */
export interface SpecError {
  /** File name, or `--rate`. */
  readonly source: string
  /** From 1; absent where there is no position (a file that can't be read, an override). */
  readonly line?: number
  readonly column?: number
  /** "load.open.rate", "faults[0].kill"; "" for the whole file. */
  readonly path: string
  /** What is wrong, with what was given. */
  readonly message: string
  /** What would be right: "a duration: a number with a unit (ns, us, ...)". "" when the message says it. */
  readonly expected: string
  readonly example?: string
  /** The nearest valid choice. */
  readonly meant?: string
  /** The line of the file with a caret under it; lines to print as they are. */
  readonly frame: readonly string[]
}

/**
 * ```
 * session.yaml:4:11: keys.count: "many" is not valid
 *   4 | keys: { count: many }
 *     |                ^^^^
 *   expected a whole number, with k, M or G if you like, such as 20k or 100000
 *   did you mean ...?
 * ```
 */
export function formatSpecError(error: SpecError): string {
  const place = error.line === undefined ? error.source : `${error.source}:${error.line}:${error.column ?? 1}`
  const lines = [`${place}: ${error.path === '' ? '' : `${error.path}: `}${error.message}`, ...error.frame.map((line) => `  ${line}`)]
  if (error.expected !== '') lines.push(`  expected ${error.expected}${error.example === undefined ? '' : `, such as ${error.example}`}`)
  if (error.meant !== undefined) lines.push(`  did you mean ${error.meant}?`)
  return lines.join('\n')
}

export function formatPath(path: readonly PropertyKey[]): string {
  let text = ''
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : `${text === '' ? '' : '.'}${String(step)}`
  return text
}
