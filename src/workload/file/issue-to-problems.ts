import type { z } from 'zod'
import { nearest } from '../../measure/nearest.ts'
import type { FieldProblem } from './fields.ts'
import { knownKeys } from './known-keys.ts'
import { show } from './redact.ts'

/** A zod issue in the words of a workload file, still without a position. */
export interface PlacedProblem {
  readonly path: readonly PropertyKey[]
  /** Whether the error is about the last key of the path or about the value behind it. */
  readonly at: 'key' | 'value'
  readonly message: string
  readonly expected: string
  readonly example?: string
  readonly meant?: string
}

/** `value`: what was validated, to say what was given. */
export function issueToProblems(issue: z.core.$ZodIssue, schema: z.core.$ZodType, value: unknown): readonly PlacedProblem[] {
  const path = issue.path
  const given = valueAt(value, path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, path) ?? []
      return issue.keys.map((key) => unknownKey(path, key, known))
    }
    case 'invalid_union': {
      // The alternative that got furthest says best what is wrong: its first issue lies deepest.
      const branches = issue.errors.map((errors) => errors.map((inner) => ({ ...inner, path: [...path, ...inner.path] }) as z.core.$ZodIssue))
      branches.sort((left, right) => deepest(right) - deepest(left))
      const problems = branches.map((branch) => branch.flatMap((inner) => issueToProblems(inner, schema, value)))
      if (deepest(branches[0] ?? []) > path.length) return problems[0]!
      const expected = problems.flatMap((branch) => branch.slice(0, 1).map((problem) => problem.expected)).join(', or ')
      const meant = problems.flat().find((problem) => problem.meant !== undefined)?.meant
      return [{ path, at: 'value', message: `${show(given)} is not valid`, expected, ...(meant !== undefined && { meant }) }]
    }
    case 'custom': {
      const problem = (issue.params ?? {}) as Partial<FieldProblem>
      const missing = given === undefined && problem.reason === undefined
      const said = problem.reason === undefined ? `${show(given)} is not valid` : sayReason(given, problem.reason)
      return [
        {
          path,
          at: problem.about ?? 'value',
          message: missing ? 'is missing' : said,
          expected: problem.expected ?? issue.message,
          ...(problem.example !== undefined && { example: problem.example }),
          ...(problem.meant !== undefined && { meant: problem.meant }),
        },
      ]
    }
    case 'invalid_value': {
      const names = issue.values.map(String)
      const meant = typeof given === 'string' ? nearest(given, names) : undefined
      const message = given === undefined ? 'is missing' : `${show(given)} is not a valid choice`
      return [{ path, at: 'value', message, expected: oneOf(names), ...(meant !== undefined && { meant }) }]
    }
    case 'invalid_type': {
      const keys = issue.expected === 'object' ? knownKeys(schema, path) : undefined
      const expected = keys && keys.length > 0 ? `a mapping with ${keys.join(', ')}` : (TYPE_WORDS[issue.expected] ?? issue.expected)
      const meant = issue.expected === 'boolean' && typeof given === 'string' ? BOOLEAN_WORDS[given.toLowerCase()] : undefined
      const message = given === undefined ? 'is missing' : `${show(given)} is not valid`
      return [{ path, at: 'value', message, expected, ...(meant !== undefined && { meant }) }]
    }
    case 'invalid_format':
      return [{ path, at: 'value', message: `${show(given)} is not valid`, expected: issue.message }]
    case 'too_small':
      return [
        {
          path,
          at: 'value',
          message: `${show(given)} is too ${sizeWord(issue.origin, 'small')}`,
          expected: `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${sizeUnit(issue.origin)}`,
        },
      ]
    case 'too_big':
      return [
        {
          path,
          at: 'value',
          message: `${show(given)} is too ${sizeWord(issue.origin, 'large')}`,
          expected: `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${sizeUnit(issue.origin)}`,
        },
      ]
    default:
      return [{ path, at: 'value', message: `${show(given)} is not valid`, expected: issue.message }]
  }
}

export function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): PlacedProblem {
  const meant = nearest(key, known)
  return { path: [...path, key], at: 'key', message: `unknown key ${show(key)}`, expected: oneOf(known), ...(meant !== undefined && { meant }) }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping, such as { key: value }',
  record: 'a mapping, such as { key: value }',
  array: 'a list, such as [ one, two ]',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

/** What YAML 1.1 took for a boolean; YAML 1.2 does not. */
const BOOLEAN_WORDS: Readonly<Record<string, string>> = { yes: 'true', on: 'true', y: 'true', no: 'false', off: 'false', n: 'false' }

function sayReason(given: unknown, reason: string): string {
  return typeof given === 'string' || typeof given === 'number' ? `${show(given)}: ${reason}` : reason
}

function oneOf(names: readonly string[]): string {
  return names.length === 0 ? 'no keys' : names.length === 1 ? names[0]! : `one of ${names.join(', ')}`
}

function sizeWord(origin: string, word: 'small' | 'large'): string {
  if (origin !== 'string' && origin !== 'array') return word
  return word === 'small' ? 'short' : 'long'
}

function sizeUnit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : ''
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((depth, issue) => Math.max(depth, issue.path.length), 0)
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined
    current = (current as Record<PropertyKey, unknown>)[step]
  }
  return current
}
