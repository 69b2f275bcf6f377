import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROGRAMS } from '../patterns/registry.ts'
import { formatSpecError } from './spec-error.ts'
import { parseVariation, type Variation } from './variation.ts'
import { varyWorkload } from './vary-workload.ts'

const registry = { patterns: PROGRAMS, faults: [] }
let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-vary-'))
  file = join(folder, 'rows.yaml')
  writeFileSync(file, 'name: rows\npattern: cache-aside\nkeys: { count: 10, popularity: uniform }\nload: { open: { rate: 100/s } }\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function parsed(text: string): Variation {
  const variation = parseVariation(text)
  if (!('values' in variation)) throw new Error(formatSpecError(variation))
  return variation
}

function varied(...texts: string[]) {
  const result = varyWorkload(file, texts.map(parsed), registry)
  if (!result.ok) throw new Error(result.errors.map(formatSpecError).join('\n'))
  return result.workloads
}

describe('what is varied', () => {
  test('a path and its values, also where commas stand inside brackets or quotes', () => {
    expect(parsed('with.ttl=1s, 10s')).toEqual({ path: 'with.ttl', values: ['1s', '10s'] })
    expect(parsed('values.size={ lognormal: { median: 1KB, p99: 4KB } },"400B"').values).toEqual([
      '{ lognormal: { median: 1KB, p99: 4KB } }',
      '"400B"',
    ])
  })

  test.each([
    ['with.ttl', 'does not say what is varied'],
    ['=1s,2s', 'does not say what is varied'],
    ['with ttl=1s,2s', 'is no path'],
    ['with.ttl=1s', 'one value only'],
    ['with.ttl=1s,,2s', 'is empty'],
    ['with.ttl=1s,2s,1s', 'stands twice'],
    [`keys.count=${Array.from({ length: 21 }, (_, index) => index + 1).join()}`, '21 values'],
  ])('%s: %s', (text, problem) => {
    const error = parseVariation(text)
    expect('values' in error ? '' : formatSpecError(error)).toContain(problem)
  })
})

describe('the workloads that come of it', () => {
  test('one for each combination, each with a name of its own and what it is a variant of', () => {
    const workloads = varied('with.ttl=1s,2s', 'keys.count=10,20')
    expect(workloads.map(({ name }) => name)).toEqual([
      'rows ttl=1s,count=10',
      'rows ttl=1s,count=20',
      'rows ttl=2s,count=10',
      'rows ttl=2s,count=20',
    ])
    expect(workloads[1]).toMatchObject({
      settings: { ttlNanos: 1e9 },
      keys: { count: 20 },
      variant: { of: 'rows', settings: { 'with.ttl': '1s', 'keys.count': '20' } },
    })
  })

  test('a value takes the place of a shorthand above it', () => {
    expect(varied('keys.popularity.zipf=0.5,0.9').map(({ keys }) => keys.popularity)).toEqual([
      { kind: 'zipf', exponent: 0.5 },
      { kind: 'zipf', exponent: 0.9 },
    ])
  })

  test("what is wrong is told in the schema's own words, once, with the place and the nearest choice", () => {
    const refused = (text: string) => {
      const result = varyWorkload(file, [parsed(text)], registry)
      return result.ok ? '' : result.errors.map(formatSpecError).join('\n')
    }
    expect(refused('with.tll=1s,2s')).toMatch(/with\.tll=1s[\s\S]*did you mean ttl\?/)
    const impossible = refused('keys.count=10,many')
    expect(impossible).toContain('with keys.count=many')
    expect(impossible).toContain('"many" is not valid')
    expect(impossible.match(/is not valid/g)).toHaveLength(1)
  })

  test('a file that is wrong by itself says so as it stands', () => {
    const wrong = join(folder, 'wrong.yaml')
    writeFileSync(wrong, 'name: rows\npattern: cache-asid\n')
    const result = varyWorkload(wrong, [parsed('with.ttl=1s,2s')], registry)
    expect(result.ok ? '' : result.errors.map(formatSpecError).join('\n')).toMatch(/wrong\.yaml:2:10: pattern/)
    expect(result.ok ? 0 : result.errors.length).toBe(1)
  })
})
