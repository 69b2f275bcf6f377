import { describe, expect, it } from 'vitest'
import type { Workload } from '../workload.ts'
import { parseWorkload } from './parse-workload.ts'
import { formatSpecError, type SpecError } from './spec-error.ts'
import { FIXTURE_REGISTRY } from './spec-fixture.ts'

function workload(text: string): Workload {
  const parsed = parseWorkload(text, 'a.yaml', FIXTURE_REGISTRY)
  if (!parsed.ok) throw new Error(parsed.errors.map(formatSpecError).join('\n'))
  return parsed.workload
}

function errors(text: string): readonly SpecError[] {
  const parsed = parseWorkload(text, 'a.yaml', FIXTURE_REGISTRY)
  if (parsed.ok) throw new Error('taken as valid')
  return parsed.errors
}

/** The only error of a file that is right but for one line. */
function errorOf(line: string): SpecError {
  const found = errors(`name: a\n${line.startsWith('pattern') ? '' : 'pattern: aside\n'}${line}\n`)
  expect(found.map(formatSpecError)).toHaveLength(1)
  return found[0]!
}

describe('a workload file', () => {
  it('needs nothing but a name and a pattern', () => {
    expect(workload('name: a\npattern: aside\n')).toMatchObject({
      name: 'a',
      pattern: 'aside',
      settings: { write_ratio: 0.1, on_write: 'invalidate', ttl: 60e9 },
      keys: { count: 10_000, popularity: { kind: 'zipf', exponent: 0.99 } },
      values: { size: { kind: 'lognormal', medianBytes: 400, p99Bytes: 4_000 }, compressible: 0.5 },
      database: { kind: 'sqlite', latency: { medianNanos: 4e6, p99Nanos: 25e6 }, concurrency: 64 },
      load: { kind: 'open', ratePerSecond: 500, arrivals: 'poisson', maxInFlight: 10_000, connections: 1 },
      phases: [
        { name: 'warm-up', durationNanos: 10e9, warmUp: true, auto: true },
        { name: 'steady', durationNanos: 10e9, warmUp: false },
      ],
      faults: [],
      expect: [],
      instances: 1,
      historyLevel: { kind: 'full' },
      baseline: true,
      deadlineNanos: 1e9,
      network: { medianNanos: 100_000, p99Nanos: 400_000 },
      source: 'a.yaml',
    })
  })

  it('says what the whole house may vary', () => {
    const parsed = workload(`
name: everything
description: All of it.
pattern: aside
with: { write_ratio: 0.25, on_write: overwrite, ttl: none }
keys: { count: 100k, popularity: { hotspot: { keys: 2%, operations: 80% } } }
values: { size: { uniform: { min: 100B, max: 1KiB } }, compressible: 0 }
database: { url: "postgres://app@localhost/app", concurrency: 8 }
load: { closed: { connections: 20, pipeline: 16, think: 1ms } }
phases: [ { warm-up: auto }, { steady: 20s }, { peak: 10s } ]
faults: [ { at: 10s, kill: primary, for: 2s }, { at: 29s, restart: primary } ]
expect:
  - hit_ratio >= 90%
  - "read_hit.p99 <= 5ms"
instances: 3
kill_instance: { instance: 1, at: 15s }
history: keys:1/100
baseline: false
deadline: 250ms
network: { median: 50us, p99: 1ms }
`)
    expect(parsed).toMatchObject({
      settings: { write_ratio: 0.25, on_write: 'overwrite', ttl: null },
      keys: { count: 100_000, popularity: { kind: 'hotspot', hotKeys: 0.02, hotOperations: 0.8 } },
      values: { size: { kind: 'uniform', minBytes: 100, maxBytes: 1_024 }, compressible: 0 },
      database: { kind: 'postgres', url: 'postgres://app@localhost/app', concurrency: 8 },
      load: { kind: 'closed', connections: 20, pipeline: 16, thinkNanos: 1e6 },
      phases: [{ durationNanos: 10e9, auto: true }, { name: 'steady' }, { name: 'peak', warmUp: false }],
      faults: [
        { fault: 'kill', on: 'primary', atNanos: 10e9, forNanos: 2e9 },
        { fault: 'restart', on: 'primary', atNanos: 29e9 },
      ],
      expect: [
        { text: 'hit_ratio >= 90%', metric: 'hit_ratio', operator: '>=', value: 0.9, line: 13 },
        { metric: 'read_hit.p99', operator: '<=', value: 5e6, line: 14 },
      ],
      killInstance: { instance: 1, atNanos: 15e9 },
      historyLevel: { kind: 'sample', oneIn: 100 },
      baseline: false,
      deadlineNanos: 250e6,
    })
    expect(parsed.database.latency).toBeUndefined()
    expect(parsed.faults[1]).not.toHaveProperty('forNanos')
  })

  it.each([
    ['keys: { popularity: uniform }', { keys: { popularity: { kind: 'uniform' } } }],
    ['keys: { popularity: zipf }', { keys: { popularity: { kind: 'zipf', exponent: 0.99 } } }],
    ['keys: { popularity: { latest: 1.1 } }', { keys: { popularity: { kind: 'latest', exponent: 1.1 } } }],
    ['keys: { popularity: hotspot }', { keys: { popularity: { kind: 'hotspot', hotKeys: 0.01, hotOperations: 0.9 } } }],
    ['values: { size: 400B }', { values: { size: { kind: 'fixed', bytes: 400 } } }],
    ['load: closed', { load: { kind: 'closed', connections: 50, pipeline: 1, thinkNanos: 0 } }],
    ['database: { latency: none }', { database: { kind: 'sqlite' } }],
    ['history: off', { historyLevel: { kind: 'off' } }],
    ['phases: [ { warm-up: auto }, { steady: 2m } ]', { phases: [{ durationNanos: 24e9, auto: true }, {}] }],
    ['phases: [ { warm-up: auto }, { steady: 1s } ]', { phases: [{ durationNanos: 10e9, auto: true }, {}] }],
    ['x-base: &b { count: 5 }\nkeys: *b', undefined],
  ])('%s', (line, expected) => {
    if (expected === undefined) expect(errorOf(line).path).toBe('x-base')
    else expect(workload(`name: a\npattern: aside\n${line}\n`)).toMatchObject(expected)
  })

  it('records no history of a raw mix unless asked, and needs no baseline for one', () => {
    expect(workload('name: a\npattern: mix')).toMatchObject({ historyLevel: { kind: 'off' }, baseline: false })
    expect(workload('name: a\npattern: mix\nhistory: full')).toMatchObject({ historyLevel: { kind: 'full' } })
    expect(workload('name: a\npattern: none')).toMatchObject({ baseline: false })
  })
})

describe('an error names the place, what was given, what was expected and the nearest valid choice', () => {
  it('as a compiler does', () => {
    expect(formatSpecError(errorOf('keys: { popluarity: uniform }'))).toBe(
      [
        'a.yaml:3:9: keys.popluarity: unknown key "popluarity"',
        '  3 | keys: { popluarity: uniform }',
        '    |         ^^^^^^^^^^',
        '  expected one of count, popularity',
        '  did you mean popularity?',
      ].join('\n'),
    )
  })

  it.each([
    ['patern: x', { path: 'patern', line: 3, column: 1, meant: 'pattern' }],
    ['pattern: asid', { path: 'pattern', line: 2, column: 10, message: '"asid" is not a valid choice', meant: 'aside' }],
    ['keys: { count: many }', { path: 'keys.count', column: 16, message: '"many" is not valid' }],
    ['keys: { count: 0 }', { path: 'keys.count', expected: 'at least 1' }],
    ['keys: { popularity: { zpif: 1 } }', { path: 'keys.popularity.zpif', column: 23, meant: 'zipf' }],
    ['keys: { popularity: unifrom }', { path: 'keys.popularity', meant: 'uniform' }],
    ['keys: { popularity: {} }', { message: 'the popularity is empty' }],
    ['keys: { popularity: { zipf: high } }', { path: 'keys.popularity.zipf', expected: 'a number' }],
    ['keys: { popularity: { zipf: 9 } }', { expected: 'at most 4' }],
    ['values: { size: 400 }', { path: 'values.size', line: 3, column: 17, meant: '400B' }],
    ['values: { size: { lognormal: { median: 400B } } }', { path: 'values.size.lognormal.p99', message: 'is missing', column: 19 }],
    ['values: { size: { uniform: { min: 2KB, max: 1KB } } }', { path: 'values.size.uniform.max', column: 45 }],
    ['load: { open: { rate: 500 } }', { path: 'load.open.rate', meant: '500/s' }],
    ['load: { open: { rate: 500/m1 } }', { message: '"500/m1": no period is called "m1"' }],
    ['load: { open: {}, closed: {} }', { message: 'the load can not be open and closed at once' }],
    ['load: { open: { arrivals: posson } }', { meant: 'poisson' }],
    ['database: { kind: postgre }', { meant: 'postgres' }],
    ['database: { kind: sqlite, url: "postgres://h/d" }', { path: 'database.kind' }],
    ['database: { url: "mysql://h/d" }', { path: 'database.url' }],
    ['database: { latency: 4ms }', { path: 'database.latency', expected: 'none, or a mapping with median, p99' }],
    ['phases: [ { warm_up: 2s }, { steady: 1s } ]', { path: 'phases[0].warm_up', column: 13, meant: 'warm-up' }],
    ['phases: [ { steady: 30 } ]', { path: 'phases[0].steady', column: 21, meant: '30s or 30ms' }],
    ['phases: [ { Steady State: 3s } ]', { path: 'phases[0].Steady State' }],
    ['phases: [ { warm-up: 2s } ]', { message: 'every phase is a warm-up, nothing would be measured' }],
    ['phases: [ { a: 2s }, { a: 2s } ]', { path: 'phases[1].a' }],
    ['phases: [ { a: 2s, b: 2s } ]', { path: 'phases[0]' }],
    ['phases: []', { path: 'phases', expected: 'at least 1 entries' }],
    ['faults: [ { at: 1s, kil: primary } ]', { path: 'faults[0].kil', meant: 'kill' }],
    ['faults: [ { kill: primary } ]', { path: 'faults[0].at', message: 'is missing' }],
    ['faults: [ { at: 1s, kill: primary, restart: primary } ]', { message: 'kill and restart in one entry' }],
    ['faults: [ { at: 10s, kill: primary } ]', { path: 'faults[0].at', message: 'the fault would begin after the run has ended' }],
    ['expect: [ "hit_rato >= 0.9" ]', { path: 'expect[0]', line: 3, column: 12, meant: 'hit_ratio' }],
    ['expect:\n  - write.p99 <= 5', { line: 4, column: 18, meant: '5s or 5ms' }],
    ['instances: 0', { path: 'instances' }],
    ['kill_instance: { instance: 0, at: 1s }', { path: 'kill_instance', column: 1 }],
    ['instances: 2\nkill_instance: { instance: 2, at: 1s }', { path: 'kill_instance.instance', line: 4 }],
    ['history: sometimes', { path: 'history', expected: 'full, off or keys:1/N' }],
    ['baseline: yes', { path: 'baseline', meant: 'true' }],
    ['with: { ttl: 60 }', { path: 'with.ttl', column: 14, meant: '60s or 60ms' }],
    ['with: { ttl: 1ns }', { path: 'with.ttl', expected: 'at least 1ms, or none' }],
    ['with: { wirte_ratio: 10% }', { path: 'with.wirte_ratio', column: 9, meant: 'write_ratio' }],
    ['with: { write_ratio: 30 }', { path: 'with.write_ratio', meant: '30%' }],
    ['with: { on_write: invalid }', { path: 'with.on_write', meant: 'invalidate' }],
    ['pattern: loose\nwith: { deepth: 3 }', { path: 'with.deepth', meant: 'depth' }],
    ['with: 5', { path: 'with' }],
    ['name: b', { line: 3, message: 'the same key stands twice in one mapping: "name"' }],
  ])('%s', (line, expected) => expect(errorOf(line)).toMatchObject(expected))

  it('all of them at once, in the order of the file', () => {
    const found = errors('name: a\npattern: aside\nwith: { ttl: x }\nkeyz: 1\nload: { open: { rate: 5 } }\n')
    expect(found.map((error) => error.line)).toEqual([3, 4, 5])
  })

  it('says what is missing where a key is', () => {
    expect(errors('pattern: aside')).toMatchObject([{ path: 'name', message: 'is missing', line: 1 }])
  })
})

describe('a file that is no workload', () => {
  it.each([
    ['', 'the file is empty'],
    ['# only a comment\n', 'the file is empty'],
    ['just words', 'this is no workload'],
    ['- a\n- b', 'this is no workload'],
    ['name: a\n\tpattern: aside', 'a tab indents this line'],
    ['name: "a\npattern: aside', 'Missing closing'],
    ['name: a\n---\nname: b', 'a second document begins here (---)'],
    ['name: !!js/function x', 'this tag (!) is not known here'],
    ['? [ a ]\n: b', 'this key is not a text'],
    ['['.repeat(100_000), 'the file is nested too deeply'],
    ['{ a: '.repeat(5_000), 'the file is nested too deeply'],
    ['x'.repeat((1 << 20) + 1), 'the file has 1048577 characters'],
    ['\u0000\u0001', 'this is no workload'],
  ])('%.40s', (text, message) => expect(errors(text)[0]!.message).toContain(message))

  it('may not multiply itself by aliases', () => {
    const bomb = ['a: &a [1, 2]', ...['b', 'c', 'd', 'e'].map((key, index) => `${key}: &${key} [${`*${'abcd'[index]}, `.repeat(9)}]`)].join('\n')
    expect(errors(bomb)).toMatchObject([{ message: 'its aliases (*name) repeat themselves too often' }])
  })

  it('is not confused by a byte order mark or by Windows line ends', () => {
    expect(workload('\ufeffname: a\r\npattern: aside\r\n').name).toBe('a')
    expect(errors('\ufeffname: a\r\npattern: asid\r\n')).toMatchObject([{ line: 2, column: 10, frame: ['2 | pattern: asid', '  |          ^^^^'] }])
  })
})

describe('what is printed', () => {
  it('never holds a password', () => {
    const [error] = errors('name: a\npattern: aside\ndatabase: { url: "postgres://bob:hunter2@h/d", kind: sqlite, concurrency: lots }\n')
    const text = formatSpecError(error!)
    expect(text).not.toContain('hunter2')
    expect(text).toContain('***@h/d')
    const caret = error!.frame[1]!.indexOf('^')
    expect(error!.frame[0]!.slice(caret, caret + 4)).toBe('lots')
  })

  it('can not drive a terminal', () => {
    const found = errors('name: a\npattern: "\\e[2Jaside"\n"k\\e[31m": 1\n').map(formatSpecError).join('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(found).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  it('stays readable for a file in one long line', () => {
    const [error] = errors(`{ name: a, pattern: aside, description: "${'x'.repeat(1_500)}", keyz: 1 }`)
    expect(error).toMatchObject({ path: 'keyz', meant: 'keys' })
    const [line, carets] = error!.frame
    expect(line!.length).toBeLessThan(160)
    expect(line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe('keyz')
  })
})
