import { isMap, parseDocument } from 'yaml'
import { LARGEST_FILE_CHARACTERS } from './parse-yaml-mapping.ts'
import { redact, show } from './redact.ts'
import type { SpecError } from './spec-error.ts'

/** `--vary with.ttl=1s,10s,60s`: a path of a workload file, and the values that it takes in turn. */
export interface Variation {
  readonly path: string
  /** As they were typed; the first is the baseline. */
  readonly values: readonly string[]
}

const SHAPE = 'the path of a setting and its values, such as with.ttl=1s,10s,60s'
/** More is no table that anybody reads. */
const MOST_VALUES = 20

export function parseVariation(text: string): Variation | SpecError {
  const at = text.indexOf('=')
  const path = text.slice(0, Math.max(0, at)).trim()
  if (at < 0 || path === '') return refusal(text, `${show(text)} does not say what is varied`, SHAPE)
  if (!/^[a-z_]+(\.[a-z_]+)*$/i.test(path)) return refusal(text, `${show(path)} is no path of a workload file`, SHAPE)
  const values = splitAtCommas(text.slice(at + 1)).map((value) => value.trim())
  const empty = values.find((value) => value === '')
  if (empty !== undefined) return refusal(text, `a value of ${show(path)} is empty`, SHAPE)
  const twice = values.find((value, index) => values.indexOf(value) < index)
  if (twice !== undefined) return refusal(text, `${show(twice)} stands twice`, 'each value once')
  if (values.length < 2) return refusal(text, `${show(path)} has one value only`, 'two or more, separated by commas')
  if (values.length > MOST_VALUES) return refusal(text, `${values.length} values of ${show(path)}`, `at most ${MOST_VALUES}`)
  return { path, values }
}

function refusal(text: string, message: string, expected: string): SpecError {
  return { source: '--vary', path: '', message, expected, frame: [`--vary ${redact(text)}`] }
}

/** Not at those inside brackets or quotes: `values.size={lognormal: {median: 400B, p99: 4KB}},400B`. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if ('{['.includes(character)) depth++
    else if ('}]'.includes(character)) depth--
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

/**
 * The file with the value at the path: whatever stood there, or above it as a shorthand, gives way. Undefined where the
 * text is no workload file; reading it says why.
 */
export function withSetting(yaml: string, path: string, value: string): string | undefined {
  if (yaml.length > LARGEST_FILE_CHARACTERS) return undefined
  const document = parseDocument(yaml, { prettyErrors: false })
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined
  const given = parseDocument(value, { prettyErrors: false })
  const steps = path.split('.')
  for (let depth = 1; depth < steps.length; depth++) {
    const above = document.getIn(steps.slice(0, depth), true)
    if (above !== undefined && !isMap(above)) document.setIn(steps.slice(0, depth), document.createNode({}))
  }
  // What is no YAML is taken as a text: the schema says what it should have been.
  document.setIn(steps, given.errors.length > 0 ? value : document.createNode(given.toJS()))
  return String(document)
}
