import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli, HOME, isInPlainWords } from './support/cli.ts'

/** Everything a user can get wrong before anything is measured, through the program itself: exit code 2 and words that help. */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-bad-input-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SECRET = 'hunter2secret'
const workload = (...lines: readonly string[]) => `${['name: mine', 'pattern: cache-aside', ...lines].join('\n')}\n`

/** [what, file, arguments, words that must be said] */
const FILES: readonly (readonly [string, string, readonly string[]])[] = [
  ['an unknown key', workload('patern: cache-aside'), ['file.yaml:3:1', 'unknown key "patern"', 'did you mean pattern?']],
  ['an unknown pattern', 'name: mine\npattern: cache-asid\n', ['file.yaml:2:10', '"cache-asid"', 'did you mean cache-aside?', 'session-store']],
  ['an unknown distribution', workload('keys: { count: 9, popularity: { zip: 1 } }'), ['file.yaml:3:33', 'did you mean zipf?', 'hotspot']],
  ['an unknown unit', workload('phases: [ { steady: 3 lightyears } ]'), ['file.yaml:3:21', '"lightyears"', 'ns, us, ms, s, m, h, d']],
  ['a number without a unit', workload('phases: [ { steady: 3 } ]'), ['file.yaml:3:21', 'expected a duration']],
  ['an expectation of nothing known', workload('expect: [ "hit_ration >= 0.9" ]'), ['file.yaml:3', 'hit_ratio']],
  ['a database of no kind', workload(`database: "mysql://u:${SECRET}/x@h"`), ['file.yaml:3', 'database']],
  ['a database that is a list', workload(`database: [ "postgres://u:a@${SECRET}@h" ]`), ['file.yaml:3', 'database']],
  ['a database with a setting too many', workload(`database: { url: "postgres://u:a/${SECRET}@h/d", x: 1 }`), ['file.yaml:3', 'unknown key "x"']],
  ['broken YAML', workload('keys: { count: 9'), ['file.yaml:']],
  ['an empty file', '', ['file.yaml: the file is empty', 'at least its name and its pattern']],
  ['a file that is no text', '\u0000\u0001', ['file.yaml']],
]

/** [what, arguments, words that must be said] */
const ARGUMENTS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['an unknown command', ['rnu'], ['there is no command "rnu"', 'did you mean run?']],
  ['an unknown flag', ['run', '--durtion', '3s'], ["unknown option '--durtion'", 'Did you mean --duration?']],
  ['a workload that is not there', ['run', 'cache-asid'], ['there is no workload "cache-asid"', 'did you mean cache-aside?']],
  ['a target of no kind', ['run', 'cache-aside', '--target', 'engin:redis'], ['there is no scheme "engin"', 'engine']],
  ['a client of no kind', ['run', 'cache-aside', '--client', 'jedis'], ['there is no client "jedis"', 'ioredis']],
  ['a fault of no kind', ['run', 'cache-aside', '--fault', 'expolde:primary@1s'], ['no fault is called "expolde"', 'kill, restart']],
  ['a duration without a unit', ['run', 'cache-aside', '--duration', '3'], ['--duration', 'expected a duration']],
  ['a seed that is no number', ['run', 'cache-aside', '--seed', 'x'], ['--seed', 'whole number']],
  [
    'virtual time and a real target',
    ['run', 'cache-aside', '--virtual', '--target', `redis://u:${SECRET}@127.0.0.1:1`],
    ['--virtual is for engine:'],
  ],
  [
    'virtual time and a real database',
    ['run', 'cache-aside', '--virtual', '--database', `postgres://u:${SECRET}@127.0.0.1/x`],
    ['--virtual', 'embedded'],
  ],
  ['a target where a workload is wanted', ['run', `redis://u:${SECRET}@h`], ['is a URL, and no workload', '--target redis://h']],
  ['a target without its slashes', ['validate', `redis:u:${SECRET}@h:99`], ['names no host']],
  ['a target where an engine is wanted', ['validate', `engine:u:${SECRET}/x@h:99`], ['there is no engine']],
  ['a target where a run is wanted', ['report', `redis://u:${SECRET}@h`], ['holds no run']],
  ['a target where a kind is wanted', ['list', `redis://u:${SECRET}/@h`], ['redis://***@h']],
  ['a target where a profile is wanted', ['validate', 'engine:redis', '--profile', `redis://u:${SECRET}@h`], ['redis://***@h']],
  ['a target where a number is wanted', ['run', 'cache-aside', '--seed', `redis://u:${SECRET}@h`], ['redis://***@h']],
  ['a target where a client is wanted', ['run', 'cache-aside', '--client', `redis://u:@${SECRET}@h`], ['redis://***@h']],
  ['a target as a command', [`redis://u:${SECRET}@h`], ['there is no command']],
  ['a target as a flag', ['run', `--redis://u:${SECRET}@h`], ['unknown option']],
  ['a database of no kind', ['run', 'cache-aside', '--database', `mysql://u:${SECRET}@127.0.0.1/x`], ['is no database', 'postgres://']],
  ['a run that is not there', ['report', 'nowhere'], ['nowhere holds no run', 'run.json']],
  ['a run to compare that is not there', ['compare', 'nowhere'], ["the run nowhere can't be read"]],
  ['a list of nothing', ['list', 'wrkloads'], ['workloads']],
  ['a property of no kind', ['validate', 'engine:redis', '--only', 'nonsense'], ['"nonsense"', 'redis/strings']],
  [
    'a folder below a file',
    ['run', 'cache-aside', '--target', 'engine:redis', '--out', 'a-file/run'],
    ['a-file/run', 'a part of the path is a file', '--out'],
  ],
]

describe.concurrent('a workload file with', () => {
  it.each(FILES)('%s', async (what, text, says) => {
    const home = join(folder, what.replaceAll(' ', '-'))
    mkdirSync(home)
    writeFileSync(join(home, 'file.yaml'), text)
    await refused(['run', 'file.yaml'], says, home)
  })
})

it('a workload file of a gigabyte is refused unread', async () => {
  writeFileSync(join(folder, 'big.yaml'), '')
  truncateSync(join(folder, 'big.yaml'), 2 ** 30)
  await refused(['run', 'big.yaml'], ['big.yaml: the file has 1073741824 bytes', 'at most 1 MiB'])
})

describe.concurrent('on the command line,', () => {
  beforeAll(() => writeFileSync(join(folder, 'a-file'), ''))

  it.each(ARGUMENTS)('%s', async (_, args, says) => {
    await refused(args, says)
  })
})

describe('a stored run', () => {
  const run = join(folder, 'run')
  const change = (edit: (document: Record<string, unknown>) => unknown) => {
    const path = join(run, 'run.json')
    writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, 'utf8')))))
  }

  beforeAll(async () => {
    const args = ['run', 'cache-aside', '--target', 'engine:redis', '--virtual', '--seed', '7', '--duration', '1s', '--out', run, '--quiet']
    expect((await cli(args)).code).not.toBe(2)
  })

  it('of an older schema is reported all the same', async () => {
    const old = join(folder, 'old')
    cpSync(join(HOME, 'test', 'golden', 'run-schema-1'), old, { recursive: true })
    const outcome = await cli(['report', old])
    expect(outcome).toMatchObject({ code: expect.toBeOneOf([0, 1, 4]), stdout: expect.stringContaining('cache-aside'), stderr: '' })
    expect(existsSync(join(old, 'index.html'))).toBe(true)
  })

  it('of another workload is not written over, unless by force', async () => {
    const args = ['run', 'cache-aside-overwrite', '--target', 'engine:redis', '--virtual', '--duration', '1s', '--out', run, '--quiet']
    await refused(args, ['holds the run "cache-aside"', '--force'])
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')).name).toBe('cache-aside')
    expect((await cli([...args, '--force'])).code).toBeOneOf([0, 1, 4])
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')).name).toBe('cache-aside-overwrite')
  })

  it('of a later schema is refused by its number', async () => {
    change((document) => ({ ...document, schemaVersion: 99 }))
    await refused(['report', run], ['schemaVersion is 99', 'a later cacheproof wrote this run'])
  })

  it('that was cut off is refused by its name', async () => {
    writeFileSync(join(run, 'run.json'), '{"schemaVersion":1,')
    await refused(['report', run], ['run.json is no JSON'])
  })
})

async function refused(args: readonly string[], says: readonly string[], cwd = folder): Promise<void> {
  const outcome = await cli(args, { cwd })
  for (const words of says) expect(outcome.stderr).toContain(words)
  expect(outcome).toMatchObject({ code: 2, stdout: '' })
  expect(isInPlainWords(outcome)).toBe(true)
  expect(outcome.all).not.toContain(SECRET)
  expect(readdirSync(cwd)).not.toContain('reports')
}
