import { type Document, isMap, LineCounter, parseDocument } from 'yaml'
import type { PlacedProblem } from './issue-to-problems.ts'
import { redact, show } from './redact.ts'
import { codeFrame, SourceMap, type Span } from './source-map.ts'
import { formatPath, type SpecError } from './spec-error.ts'

export type ParsedMapping =
  | { readonly ok: true; readonly value: Record<string, unknown>; readonly map: SourceMap }
  | { readonly ok: false; readonly errors: readonly SpecError[] }

/** What a file is to be, for messages. */
export interface YamlFileKind {
  /** "workload" */
  readonly name: string
  /** "at least its name and its pattern" */
  readonly leastOfIt: string
  /** A mapping as it should be. */
  readonly example: string
}

/** A file that somebody wrote is a page of text. Characters; `read-workload-file.ts` refuses larger files before reading them. */
export const LARGEST_FILE_CHARACTERS = 1 << 20
/** Aliases are allowed, bombs made of them are not: how often a node may be repeated by expanding them. */
const MOST_ALIASES = 100

/** A file of YAML, or of JSON, which is YAML -> a mapping with the places its values came from. Never throws for what a file can contain. */
export function parseYamlMapping(yaml: string, source: string, { name, leastOfIt, example }: YamlFileKind): ParsedMapping {
  const text = yaml.replace(/^\ufeff/, '')
  const whole = (message: string, expected: string): ParsedMapping => ({
    ok: false,
    errors: [{ source, path: '', message, expected, frame: [] }],
  })
  if (text.length > LARGEST_FILE_CHARACTERS) return whole(`the file has ${text.length} characters`, 'at most 1 MiB of YAML')

  const lines = new LineCounter()
  let document: Document.Parsed
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  } catch (error) {
    // The parser recurses: tens of thousands of open brackets exhaust the stack.
    if (error instanceof RangeError) return whole('the file is nested too deeply', `a ${name} of a few levels`)
    throw error
  }
  // Below some depth the parser reports the exhausted stack as a syntax error, once for every level.
  if (document.errors.some((error) => error.message.includes('call stack')))
    return whole('the file is nested too deeply', `a ${name} of a few levels`)
  const syntax = [...document.errors, ...document.warnings]
  if (syntax.length > 0) return { ok: false, errors: syntax.map((error) => syntaxError(error, text, lines, source)) }

  if (document.contents === null) return whole('the file is empty', `a ${name}: ${leastOfIt}`)
  const map = new SourceMap(text, document, lines)
  if (!isMap(document.contents)) {
    const place = map.value([])
    const { line, column } = map.position(place.start)
    return { ok: false, errors: [{ source, line, column, path: '', message: `this is no ${name}`, expected: example, frame: map.frame(place) }] }
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
  return { ok: true, value: value as Record<string, unknown>, map }
}

/** What somebody can mend: in the order of the file. */
export function placeProblems(problems: readonly MappedProblem[], source: string, map: SourceMap): readonly SpecError[] {
  const errors = problems.map((problem) => place(problem, source, map))
  return errors.sort((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0))
}

/** A problem of a value, or of some characters within it. */
export interface MappedProblem extends PlacedProblem {
  readonly within?: { readonly offset: number; readonly length: number }
}

function place(problem: MappedProblem, source: string, map: SourceMap): SpecError {
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
  MULTIPLE_DOCS: ['a second document begins here (---)', 'one document a file'],
  TAG_RESOLVE_FAILED: ['this tag (!) is not known here', 'plain YAML without tags of its own'],
  NON_STRING_KEY: ['this key is not a text', 'a plain key, such as name'],
}
