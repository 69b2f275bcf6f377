import { type Document, isMap, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Workload } from '../workload.ts'
import { issueToProblems, type PlacedProblem, unknownKey } from './issue-to-problems.ts'
import { knownKeys } from './known-keys.ts'
import { redact, show } from './redact.ts'
import { type ResolvedProblem, resolveWorkload } from './resolve-workload.ts'
import { workloadSchema } from './schema/workload-schema.ts'
import { codeFrame, SourceMap, type Span } from './source-map.ts'
import { formatPath, type SpecError } from './spec-error.ts'
import type { SpecPattern, SpecRegistry } from './spec-registry.ts'

export type ParsedWorkload = { readonly ok: true; readonly workload: Workload } | { readonly ok: false; readonly errors: readonly SpecError[] }

/** A workload file is a page of text. Characters; `read-workload-file.ts` refuses larger files before reading them. */
export const LARGEST_WORKLOAD_CHARACTERS = 1 << 20
/** A screenful of errors is what anybody reads. */
const MOST_ERRORS = 30
/** Aliases are allowed, bombs made of them are not: how often a node may be repeated by expanding them. */
const MOST_ALIASES = 100

/**
 * A workload file -> a workload with every unit parsed and every default filled in, or everything that is wrong with
 * it, in the order of the file. `source` is the name for messages. Never throws for what a file can contain.
 */
export function parseWorkload(yaml: string, source: string, registry: SpecRegistry): ParsedWorkload {
  const text = yaml.replace(/^\ufeff/, '')
  const whole = (message: string, expected: string): ParsedWorkload => ({
    ok: false,
    errors: [{ source, path: '', message, expected, frame: [] }],
  })
  if (text.length > LARGEST_WORKLOAD_CHARACTERS) return whole(`the file has ${text.length} characters`, 'at most 1 MiB of YAML')

  const lines = new LineCounter()
  let document: Document.Parsed
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  } catch (error) {
    // The parser recurses: tens of thousands of open brackets exhaust the stack.
    if (error instanceof RangeError) return whole('the file is nested too deeply', 'a workload file of a few levels')
    throw error
  }
  // Below some depth the parser reports the exhausted stack as a syntax error, once for every level.
  if (document.errors.some((error) => error.message.includes('call stack')))
    return whole('the file is nested too deeply', 'a workload file of a few levels')
  const syntax = [...document.errors, ...document.warnings]
  if (syntax.length > 0) return { ok: false, errors: syntax.slice(0, MOST_ERRORS).map((error) => syntaxError(error, text, lines, source)) }

  if (document.contents === null) return whole('the file is empty', 'a workload: at least its name and its pattern')
  const map = new SourceMap(text, document, lines)
  if (!isMap(document.contents)) {
    const place = map.value([])
    const { line, column } = map.position(place.start)
    const expected = 'a mapping with at least name and pattern, such as\n    name: my-workload\n    pattern: cache-aside'
    return { ok: false, errors: [{ source, line, column, path: '', message: 'this is no workload', expected, frame: map.frame(place) }] }
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError) {
      return whole('its aliases (*name) repeat themselves too often', `at most ${MOST_ALIASES} repetitions`)
    }
    throw error
  }

  const { workload, problems } = interpret(value as Record<string, unknown>, source, registry, map)
  if (problems.length === 0 && workload) return { ok: true, workload }
  const errors = problems.map((problem) => place(problem, source, map))
  errors.sort((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0))
  return { ok: false, errors: errors.slice(0, MOST_ERRORS) }
}

function interpret(
  value: Record<string, unknown>,
  source: string,
  registry: SpecRegistry,
  map: SourceMap,
): { readonly workload?: Workload; readonly problems: readonly ResolvedProblem[] } {
  const schema = workloadSchema(registry)
  const parsed = schema.safeParse(value)
  const issues = parsed.success ? [] : withoutEchoes(parsed.error.issues)
  const problems: ResolvedProblem[] = issues.flatMap((issue) => issueToProblems(issue, schema, value))

  // Settings are checked even when something else is wrong, so that one look shows all there is to mend.
  const pattern = registry.patterns.find((one) => one.name === value['pattern'])
  const given = value['with'] ?? {}
  const settings =
    pattern && typeof given === 'object' && !Array.isArray(given) ? parseSettings(pattern, given as Record<string, unknown>) : undefined
  problems.push(...(settings?.problems ?? []))
  if (!parsed.success || !pattern || !settings) return { problems }

  const lineOf = (index: number) => map.position(map.value(['expect', index]).start).line
  const resolved = resolveWorkload(parsed.data, settings.value, pattern, source, lineOf)
  return { workload: resolved.workload, problems: [...problems, ...resolved.problems] }
}

/** A mapping with a misspelled key also lacks the right one: only the misspelling is reported. */
function withoutEchoes(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const misspelled = new Set(issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => formatPath(issue.path)))
  return issues.filter((issue) => issue.code !== 'custom' || !misspelled.has(formatPath(issue.path)))
}

/** Under `with`: the pattern's own definition, and no key beyond it even where that definition would drop it silently. */
function parseSettings(
  pattern: SpecPattern,
  given: Record<string, unknown>,
): { readonly value: unknown; readonly problems: readonly PlacedProblem[] } {
  const parsed = pattern.settings.safeParse(given)
  const known = knownKeys(pattern.settings, [])
  const strangers = known === undefined ? [] : Object.keys(given).filter((key) => !known.includes(key))
  const issues = parsed.success ? [] : parsed.error.issues.filter((issue) => issue.code !== 'unrecognized_keys' || issue.path.length > 0)
  const problems = [
    ...strangers.map((key) => unknownKey([], key, known ?? [])),
    ...issues.flatMap((issue) => issueToProblems(issue, pattern.settings, given)),
  ]
  return { value: parsed.data, problems: problems.map((problem) => ({ ...problem, path: ['with', ...problem.path] })) }
}

function place(problem: ResolvedProblem, source: string, map: SourceMap): SpecError {
  const span: Span =
    problem.within !== undefined
      ? map.inside(problem.path, problem.within.offset, problem.within.length)
      : problem.at === 'key'
        ? map.key(problem.path)
        : map.value(problem.path)
  const { line, column } = map.position(span.start)
  return {
    source,
    line,
    column,
    path: redact(formatPath(map.written(problem.path))),
    message: redact(problem.message),
    expected: problem.expected,
    ...(problem.example !== undefined && { example: problem.example }),
    ...(problem.meant !== undefined && { meant: problem.meant }),
    frame: map.frame(span),
  }
}

function syntaxError(error: { code: string; message: string; pos: [number, number] }, text: string, lines: LineCounter, source: string): SpecError {
  const { line, col } = lines.linePos(Math.min(error.pos[0], text.length))
  const frame = codeFrame(text, lines, { start: error.pos[0], end: error.pos[1] })
  const [message, expected] = SYNTAX_WORDS[error.code] ?? [redact(error.message.split('\n')[0] ?? ''), '']
  const key = error.code === 'DUPLICATE_KEY' ? ` ${show(text.slice(error.pos[0]).match(/^["']?([^:"'\s]+)/)?.[1] ?? '')}` : ''
  return { source, line: Math.max(1, line), column: Math.max(1, col), path: '', message: `${message}${key}`, expected, frame }
}

const SYNTAX_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  TAB_AS_INDENT: ['a tab indents this line', 'blanks: YAML does not allow tabs for indentation'],
  DUPLICATE_KEY: ['the same key stands twice in one mapping:', 'each key once'],
  MULTIPLE_DOCS: ['a second document begins here (---)', 'one workload a file'],
  TAG_RESOLVE_FAILED: ['this tag (!) is not known here', 'plain YAML without tags of its own'],
  NON_STRING_KEY: ['this key is not a text', 'a plain key, such as name'],
}
