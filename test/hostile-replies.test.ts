import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { RunResult } from '../src/measure/run-result.ts'
import { type BinaryAnswer, type BinaryRequest, startBinaryMemcached } from './support/binary-memcached.ts'
import { cli, isInPlainWords } from './support/cli.ts'
import { type BehaviourSpec, createBehaviours } from './support/fakes/behaviour-registry.ts'
import { FakeCache } from './support/fakes/fake-cache.ts'

/** Whatever an endpoint answers, a run ends with its report, and what was no answer is an error that is counted. */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-hostile-replies-'))
let runs = 0
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Behind the commands by which the calls are tried out. */
const AFTER = { afterCommands: 30 }
const ROWS = ['cache-aside', 'with: { write_ratio: 30%, ttl: 30s }'] as const
const SESSIONS = ['session-store', 'with: { login: 20%, active: 16 }'] as const
const BOARD = ['leaderboard', 'with: { top: 3 }'] as const
const RAW = ['mix', 'with: { get: 50% }'] as const
type Program = readonly [pattern: string, settings: string]

async function fake(family: 'redis' | 'memcached', ...behaviours: readonly BehaviourSpec[]): Promise<FakeCache> {
  const cache = await FakeCache.start({ family, behaviours: behaviours.flatMap(createBehaviours) })
  cleanUps.push(() => cache.close())
  return cache
}

/** Runs each program through each client, and gives the errors of each cell together. */
async function errorsAt(url: string, clients: readonly string[], programs: readonly Program[]) {
  const out = join(folder, `run-${runs++}`)
  const files = programs.map(([pattern, settings]) => {
    const file = `${out}-${pattern}.yaml`
    const lines = ['baseline: false', 'keys: { count: 20 }', 'load: { open: { rate: 300/s } }', 'phases: [ { steady: 400ms } ]']
    writeFileSync(file, `${[`name: ${pattern}`, `pattern: ${pattern}`, settings, ...lines].join('\n')}\n`)
    return file
  })
  const outcome = await cli(['run', ...files, '--target', url, ...clients.flatMap((client) => ['--client', client]), '--out', out, '--seed', '5'])
  expect(outcome.code, outcome.all).toBeOneOf([0, 1, 4])
  expect(isInPlainWords(outcome), outcome.all).toBe(true)
  expect(existsSync(join(out, 'index.html'))).toBe(true)
  const { cells, status }: RunResult = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
  expect([status, cells.length]).toEqual(['complete', clients.length * programs.length])
  return cells.map(({ id, classes }) => ({ id, codes: new Set(classes.flatMap(({ errors }) => Object.keys(errors))) }))
}

describe('an answer of another type is an error of that call', () => {
  it.each(['another', 'integer', 'array'] as const)('of Redis: %s', async (as) => {
    const { url } = await fake('redis', { wrongType: { as, every: 2, ...AFTER } })
    for (const { id, codes } of await errorsAt(url, ['wire', 'ioredis'], [ROWS, SESSIONS, BOARD, RAW]))
      expect([id, [...codes]]).toContainEqual(expect.arrayContaining(['unexpected-reply']))
  })

  it('of Memcached', async () => {
    const { url } = await fake('memcached', { wrongType: { every: 2, ...AFTER } })
    for (const { id, codes } of await errorsAt(url, ['wire'], [ROWS, SESSIONS, RAW]))
      expect([id, [...codes]]).toContainEqual(expect.arrayContaining(['unexpected-reply']))
  })

  it('of Memcached, in the binary protocol', async () => {
    // NOT_FOUND to a SET, and an item to a DELETE.
    const url = await binary(({ opcode, nth }) => (opcode === 0 || nth < 30 || nth % 2 > 0 ? undefined : [{ status: 1 }]))
    for (const { id, codes } of await errorsAt(url, ['memjs'], [ROWS, SESSIONS, RAW]))
      expect([id, [...codes]]).toContainEqual(expect.arrayContaining(['unexpected-reply']))
  })
})

describe('a reply more than was asked for ends the connection, and there is a new one', () => {
  const nulls: BehaviourSpec = { wrongType: { as: 'null', commands: ['DEL', 'PEXPIRE', 'SET'], every: 3, ...AFTER } }
  it.each([
    ['wire', 'of the right kind', []],
    ['ioredis', 'of the right kind', []],
    ['ioredis', 'that is null', [nulls]],
  ] as const)('of Redis, through %s, %s', async (client, _, others: readonly BehaviourSpec[]) => {
    const cache = await fake('redis', ...others, { surplus: { every: 5, ...AFTER } })
    for (const { id, codes } of await errorsAt(cache.url, [client], [ROWS, SESSIONS, BOARD, RAW])) expect([id, codes.size]).not.toEqual([id, 0])
    // Six or so would do without any; how many it takes depends on how soon each is made again.
    expect(cache.counts.connections).toBeGreaterThan(12)
  })

  it('of Memcached', async () => {
    const cache = await fake('memcached', { surplus: { every: 5, ...AFTER } })
    for (const { id, codes } of await errorsAt(cache.url, ['wire'], [ROWS, SESSIONS, RAW])) expect([id, codes.size]).not.toEqual([id, 0])
    expect(cache.counts.connections).toBeGreaterThan(15)
  })

  it("in the binary protocol it is nobody's by its number, and a login that is wanted in the middle is an error", async () => {
    const url = await binary(({ opaque, nth }) =>
      nth < 30 ? undefined : nth % 20 === 0 ? [{ status: 0x20 }] : [{ status: 0 }, { status: 0, opaque: opaque + 9999 }],
    )
    for (const { id, codes } of await errorsAt(url, ['memjs'], [ROWS, SESSIONS, RAW])) expect([id, codes.size]).not.toEqual([id, 0])
  })
})

async function binary(answer: (request: BinaryRequest) => readonly BinaryAnswer[] | undefined): Promise<string> {
  const server = await startBinaryMemcached(answer)
  cleanUps.push(() => server.close())
  return `memcached://127.0.0.1:${server.port}`
}
