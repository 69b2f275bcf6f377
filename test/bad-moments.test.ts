// needs: redis-server, memcached, postgres

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import type { Cell, RunResult } from '../src/measure/run-result.ts'
import { ReplyError } from '../src/protocol/reply.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { EngineServer } from '../src/server/engine-server.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'
import { processStart } from '../src/targets/local/process-identity.ts'
import { RespProbe } from '../src/targets/probe/resp-probe.ts'
import { CLI, cli, isInPlainWords, startCli } from './support/cli.ts'
import { plantedEngine } from './support/planted-engine.ts'
import { startPostgres } from './support/postgres-server.ts'

/** What goes wrong while a run goes on, through the program itself: it is measured, told, and cleaned up after. */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-bad-moments-'))
let runs = 0
/** A fresh folder for each run. */
let out: string
let redis: LocalServer

beforeAll(async () => {
  redis = await startLocalServer({ kind: 'redis' })
})
beforeEach(() => {
  out = join(folder, `run-${runs++}`)
})
afterAll(async () => {
  await redis.stop()
  rmSync(folder, { recursive: true })
})

describe('what the cache refuses', () => {
  it('for want of memory is counted by its code, and the run goes on', async () => {
    const full = await startLocalServer({ kind: 'redis', args: ['--maxmemory', '2mb', '--maxmemory-policy', 'noeviction'] })
    try {
      const file = workload('fat', 'keys: { count: 300 }', 'values: { size: 20KB }', 'load: { open: { rate: 200/s } }')
      const { cell, outcome } = await measured(['run', file, '--target', url(full)])
      expect(lampOf(outcome)).toMatch(/^● (Trust with care|Do not compare): the cache failed .*OOM [\d,]+ of/)
      expect(classOf(cell, 'set').errors).toEqual({ OOM: classOf(cell, 'set').fail })
      expect(classOf(cell, 'set').fail).toBeGreaterThan(0)
      expect(classOf(cell, 'read miss').ok).toBeGreaterThan(0)
      expect(page()).toContain('OOM')
    } finally {
      await full.stop()
    }
  })

  it('because a permission was taken from it in the middle is told first, with the code', async () => {
    const guarded = await startLocalServer({ kind: 'redis' })
    try {
      await ask(guarded, 'ACL', 'SETUSER', 'app', 'on', '>secret', '~cacheproof:*', '+@all')
      const file = workload('revoked', 'keys: { count: 50 }', 'phases: [ { steady: 3s } ]')
      const { ended } = startCli(['run', file, '--target', `redis://app:secret@127.0.0.1:${guarded.port}`, '--out', out])
      await until(async () => (await sizeOf(guarded)) > 10)
      await ask(guarded, 'ACL', 'SETUSER', 'app', 'resetkeys', '~other:*')
      const outcome = await ended
      expect(outcome.code).toBe(1)
      expect(lampOf(outcome)).toMatch(/^● (Trust with care|Do not compare): the cache failed .*NOPERM [\d,]+ of/)
      expect(readFileSync(join(out, 'report.md'), 'utf8')).toMatch(/^(🟡|🔴) .*NOPERM/m)
      expect(/<p class="light \w+"><span class="lamp"[^>]*>.*?<\/p>/.exec(page())![0]).toContain('NOPERM')
      expect(isInPlainWords(outcome)).toBe(true)
    } finally {
      await guarded.stop()
    }
  })

  it('because all values are too large for Memcached is said before anything is measured', async () => {
    const file = workload('huge', 'keys: { count: 5 }', 'values: { size: 2MB }', 'load: { open: { rate: 20/s } }')
    const outcome = await cli(['run', file, '--target', 'local:memcached', '--out', out])
    expect(outcome.stderr).toMatch(/^cacheproof: local:memcached: refuses values of 2 MB/m)
    expect([outcome.code, outcome.stdout, existsSync(out)]).toEqual([3, '', false])
  })

  it('in words that are HTML does no harm to the report', async () => {
    const runtime = createRealRuntime({ seed: 1 })
    const hostile = '<script>alert(1)</script><img/src=x/onerror=alert(2)>'
    const server = new EngineServer({
      runtime,
      createEngine: plantedEngine((options) => createRedisEngine(findRedisProfile('redis')!, options), {
        reply: ([name], reply) => (name === 'SET' ? new ReplyError(`${hostile} no`) : reply),
      }),
    })
    try {
      const { port } = await server.start()
      const file = workload('hostile', 'keys: { count: 20 }', 'load: { open: { rate: 100/s } }')
      const { cell } = await measured(['run', file, '--target', `redis://127.0.0.1:${port}`])
      // It is in the data as the server said it ...
      expect(Object.keys(classOf(cell, 'set').errors)).toEqual([hostile])
      // ... and on the page only as text.
      expect(page()).not.toMatch(/<script>alert|<img/)
      expect(readFileSync(join(out, 'report.md'), 'utf8')).not.toMatch(/<script>alert|<img/)
    } finally {
      await server.kill()
      runtime.close()
    }
  })
})

describe('what goes away', () => {
  it('a server killed in the middle: the outage stays in the data, and later cells on it are named', async () => {
    const victim = await startLocalServer({ kind: 'redis' })
    try {
      const file = workload('outage', 'keys: { count: 50 }', 'phases: [ { steady: 2s } ]', 'history: off')
      const { ended } = startCli(['run', file, '--target', url(victim), '--target', 'local:memcached', '--blocks', '2', '--seed', '3', '--out', out])
      await until(async () => (await sizeOf(victim)) > 0)
      await victim.kill()
      const outcome = await ended
      expect(outcome.code).toBe(3)
      expect(outcome.stderr).toContain(`${url(victim)}: the connection was refused`)
      expect(isInPlainWords(outcome)).toBe(true)
      const { cells, status, notes } = result()
      expect(status).toBe('interrupted')
      const hit = cells.find((cell) => cell.target.url === url(victim))!
      const calls = classOf(hit, 'get')
      expect(calls.ok).toBeGreaterThan(0)
      expect(calls.fail + calls.info).toBeGreaterThan(0)
      // Everything else was measured all the same, and what was not says so.
      expect(cells.filter(({ target }) => target.label === 'local:memcached').length).toBe(2)
      expect(notes.join('\n')).toMatch(/could not be removed.*time to live|could not be run/)
      expect(outcome.stdout).toContain('Report:')
    } finally {
      await victim.stop()
    }
  })

  it('a database killed in the middle: reads that the cache answers go on, the others fail and are counted', async () => {
    const postgres = await startPostgres()
    try {
      const file = workload('no-database', 'keys: { count: 50 }', 'phases: [ { steady: 3s } ]')
      const { ended } = startCli(['run', file, '--target', url(redis), '--database', postgres.url, '--out', out, '--json'])
      await until(async () => (await sizeOf(redis)) > 0)
      await postgres.kill()
      const outcome = await ended
      expect(outcome.code).toBeOneOf([0, 1, 4])
      expect(isInPlainWords(outcome)).toBe(true)
      const [cell] = result().cells
      expect(classOf(cell!, 'read hit').ok).toBeGreaterThan(0)
      expect(classOf(cell!, 'write').ok).toBeLessThan(classOf(cell!, 'write').fail + classOf(cell!, 'write').info + classOf(cell!, 'write').ok)
      for (const text of [outcome.all, page(), readFileSync(join(out, 'run.json'), 'utf8')]) expect(text).not.toContain(postgres.password)
    } finally {
      await postgres.close()
    }
  })

  it('room on the disk: the table is shown, the reason told, and no half of a file left', () => {
    const file = workload('full-disk', 'keys: { count: 50 }')
    // Files end at 16 KiB, as on a disk that is full then; the signal that would come with it is ignored.
    const script = `trap '' XFSZ; ulimit -f 16; exec "$@"`
    const args = ['-c', script, 'bash', process.execPath, CLI, 'run', file, '--target', 'engine:redis', '--out', out]
    const { status, stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toContain(`the run can't be written to ${join(out, 'run.json')}: the file would be too large`)
    expect(stderr).toMatch(/history .* the run goes on/)
    expect(stdout).toMatch(/^ {2}full-disk on Redis {2}/m)
    expect(isInPlainWords({ code: status, stdout, stderr, all: stdout + stderr })).toBe(true)
    expect(readdirSync(out).sort()).toEqual(['history', 'journal.ndjson'])
  })
})

/** A file system of its own for TMPDIR, in a name space that is gone with the process: nothing is left mounted, however it ends. */
const MOUNT = 'mount -t tmpfs -o "$1" none "$2" && export TMPDIR="$2" && shift 2 && exec "$@"'
const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0

describe.skipIf(!mayMount)('no room in TMPDIR', () => {
  /** `options` of tmpfs: how much it holds. */
  const inTemporary = (options: string, ...args: readonly string[]) => {
    const temporary = join(folder, `tmp-${runs}`)
    mkdirSync(temporary)
    const command = ['--mount', 'bash', '-c', MOUNT, 'bash', options, temporary, process.execPath, CLI, ...args]
    const { status, stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8', timeout: 60_000 })
    const outcome = { code: status, stdout, stderr, all: stdout + stderr }
    expect(isInPlainWords(outcome), outcome.all).toBe(true)
    expect(readdirSync(temporary)).toEqual([])
    return outcome
  }
  const sessions = (...lines: readonly string[]) => {
    const path = join(folder, `sessions-${runs}.yaml`)
    const load = ['keys: { count: 50 }', 'load: { open: { rate: 200/s } }', 'phases: [ { steady: 1s } ]', 'baseline: false']
    writeFileSync(path, `${['name: full', 'pattern: cache-aside', 'with: { write_ratio: 20%, ttl: 30s }', ...load, ...lines].join('\n')}\n`)
    return path
  }

  it.each([
    ['a server of ours', ['--target', 'local:redis'], []],
    ['a server of ours that is a Memcached', ['--target', 'local:memcached'], []],
    ['a database that several processes share', ['--target', 'engine:redis'], ['instances: 2']],
  ])('for %s: nothing is run, and the folder is named', (_, args, lines) => {
    const outcome = inTemporary('size=4k,nr_inodes=1', 'run', sessions(...lines), ...args, '--out', out)
    expect(outcome.code).toBeOneOf([2, 3])
    expect(outcome.stderr).toMatch(/^cacheproof: .*(no temporary folder can be made in .*tmp-|no space left|run out of)/m)
  })

  it('for the rows of a database: they are failures of it, which are counted, or the run is refused', () => {
    const outcome = inTemporary('size=64k', 'run', sessions('instances: 2'), '--target', 'engine:redis', '--out', out)
    expect(outcome.code).toBeOneOf([1, 2, 3, 4])
    expect(outcome.all).toMatch(/full|no space left|disk/i)
  })
})

describe('the end of the process', () => {
  const endless = () => {
    const file = join(folder, 'sessions.yaml')
    const load = 'load: { open: { rate: 300/s } }\nphases: [ { steady: 60s } ]\ninstances: 3\n'
    writeFileSync(file, `name: sessions\npattern: session-store\nkeys: { count: 200 }\n${load}`)
    return ['run', file, '--target', url(redis), '--out', out]
  }

  it('Ctrl-C once, at all of its processes: the report of what was measured, keys removed, 130', async () => {
    const { child, ended } = startCli(endless(), { ownGroup: true })
    await until(async () => (await sizeOf(redis)) > 20)
    process.kill(-child.pid!, 'SIGINT')
    const outcome = await ended
    expect(outcome.stderr).toContain('stopping; the report of what was measured follows')
    expect(outcome.stdout).toContain('Report:')
    expect(outcome.code).toBe(130)
    expect(isInPlainWords(outcome)).toBe(true)
    expect(result()).toMatchObject({ status: 'interrupted', cells: [{ endedEarly: 'interrupted' }] })
    expect(lampOf(outcome)).toMatch(/^● (Trust with care|Do not compare): the run was interrupted, missing: \d+ % of what/)
    expect(existsSync(join(out, 'index.html'))).toBe(true)
    expect(await sizeOf(redis)).toBe(0)
  })

  it('Ctrl-C twice: at once, and what it leaves is removed after it', async () => {
    const { child, ended } = startCli(endless(), { ownGroup: true })
    await until(async () => (await sizeOf(redis)) > 20)
    const family = descendantsOf(child.pid!)
    process.kill(-child.pid!, 'SIGINT')
    await until(() => true)
    process.kill(-child.pid!, 'SIGINT')
    expect((await ended).code).toBe(130)
    await until(async () => (await sizeOf(redis)) === 0)
    await until(() => family.every((pid) => processStart(pid) === undefined))
  })

  it('kill -9: servers, processes and keys go after it, and report makes a report of what was recorded', async () => {
    const { child, ended } = startCli([...endless(), '--target', 'local:memcached'])
    await until(async () => recordedBytes() > 20_000 && (await sizeOf(redis)) > 0)
    const family = descendantsOf(child.pid!)
    expect(family.length).toBeGreaterThan(2)
    child.kill('SIGKILL')
    expect((await ended).code).toBeNull()
    await until(async () => (await sizeOf(redis)) === 0)
    await until(() => family.every((pid) => processStart(pid) === undefined))
    expect(existsSync(join(out, 'run.json'))).toBe(false)

    const outcome = await cli(['report', out])
    const { status, cells, missingCells, verdicts } = result()
    expect(status).toBe('recovered')
    // That calls were under way when it died is no failure of anybody.
    expect(verdicts.filter(({ gates, outcome: word }) => gates && word === 'fails')).toEqual([])
    expect(outcome.code).toBe(4)
    expect(isInPlainWords(outcome)).toBe(true)
    expect(outcome.stdout).toContain('Recovered from a run that died')
    expect(outcome.stdout).not.toMatch(/everything expected holds/i)
    // Most of a minute, and the whole of another cell.
    expect(lampOf(outcome)).toMatch(
      /^● (Trust with care|Do not compare): the run died, missing: 9\d % of what .* s, 3\d,\d+ operations, 1 measurement that never ran\)/,
    )
    expect(cells[0]!.missing!.nanos + cells[0]!.measuredNanos).toBe(60e9)
    expect(cells[0]!.missing!.operations).toBe(Math.round((300 * cells[0]!.missing!.nanos) / 1e9))
    expect(missingCells).toEqual([{ id: 'sessions/local:memcached/wire/0', nanos: 60e9, operations: 18_000 }])
    // And again, now that there is a run.json.
    expect((await cli(['report', out])).code).toBe(outcome.code)
    expect(cells[0]!.classes.reduce((sum, { ok }) => sum + ok, 0)).toBeGreaterThan(100)
    expect(page()).toContain('recovered')
  })
})

it('a run that is killed after a failure that is certain is reported as failed', async () => {
  const full = await startLocalServer({ kind: 'redis', args: ['--maxmemory', '2mb', '--maxmemory-policy', 'noeviction'] })
  try {
    const file = workload('fat', 'keys: { count: 300 }', 'values: { size: 20KB }', 'load: { open: { rate: 200/s } }', 'phases: [ { steady: 60s } ]')
    const { child, ended } = startCli(['run', file, '--target', url(full), '--out', out])
    await until(async () => /errorstat_OOM:count=\d\d/.test(String(await ask(full, 'INFO', 'errorstats'))))
    const recorded = recordedBytes()
    await until(() => recordedBytes() > recorded + 20_000)
    child.kill('SIGKILL')
    await ended
    const outcome = await cli(['report', out])
    expect(outcome.code).toBe(1)
    expect(outcome.stdout).toMatch(/Recovered from a run that died: \d check/)
    expect(lampOf(outcome)).toMatch(/the cache failed .*OOM [\d,]+ of .*; the run died, missing: \d+ %/)
  } finally {
    await full.stop()
  }
})

it('secrets of a URL are in no output and no file', async () => {
  const secret = 'hunter2secret'
  const secured = await startLocalServer({ kind: 'redis', args: ['--requirepass', secret] })
  try {
    const file = workload('secrets', 'keys: { count: 20 }')
    const { outcome } = await measured(['run', file, '--target', `redis://:${secret}@127.0.0.1:${secured.port}`])
    expect(outcome.all).not.toContain(secret)
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(4)
    for (const { parentPath, name } of files) expect(readFileSync(join(parentPath, name)).includes(secret), name).toBe(false)
  } finally {
    await secured.stop()
  }
})

/** A small cache-aside of a second, unless told otherwise, with nothing beside it. */
function workload(name: string, ...lines: readonly string[]): string {
  const defaults = ['load: { open: { rate: 300/s } }', 'phases: [ { steady: 1s } ]'].filter(
    (line) => !lines.some((own) => own.startsWith(line.split(':')[0]!)),
  )
  const path = join(folder, `workload-${runs}.yaml`)
  const text = [
    `name: ${name}`,
    'pattern: cache-aside',
    'with: { write_ratio: 20%, ttl: 30s, missing: 0% }',
    'baseline: false',
    ...lines,
    ...defaults,
  ]
  writeFileSync(path, `${text.join('\n')}\n`)
  return path
}

/** What stands on the lamp's line, and where that is long on those below. */
function lampOf({ stdout }: { readonly stdout: string }): string {
  // Behind the question and the load.
  const lines = stdout.trim().split('\n')
  const from = lines.findIndex((line) => line.startsWith('●'))
  return lines
    .slice(from, from + 3)
    .join(' ')
    .replaceAll(/\s+/g, ' ')
}

async function measured(args: readonly string[]) {
  const outcome = await cli([...args, '--out', out])
  expect(outcome.code, outcome.stderr).toBeOneOf([0, 1, 4])
  expect(isInPlainWords(outcome)).toBe(true)
  return { outcome, cell: result().cells[0]! }
}

function result(): RunResult {
  return JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
}

function page(): string {
  return readFileSync(join(out, 'index.html'), 'utf8')
}

function classOf(cell: Cell, name: string): Cell['classes'][number] {
  const found = cell.classes.find((one) => one.name === name)
  if (!found) throw new Error(`no class "${name}" among ${cell.classes.map((one) => one.name).join(', ')}`)
  return found
}

/** What the history of the run under way holds until now. */
/** Of rows; what instances were about to do is there sooner. */
function recordedBytes(): number {
  const history = join(out, 'history')
  if (!existsSync(history)) return 0
  const segments = readdirSync(history).filter((name) => name.endsWith('.segments'))
  return segments.reduce((sum, name) => sum + statSync(join(history, name)).size, 0)
}

const url = (server: LocalServer) => `redis://127.0.0.1:${server.port}`

async function sizeOf(server: LocalServer): Promise<number> {
  return Number(await ask(server, 'DBSIZE'))
}

async function ask(server: LocalServer, ...words: readonly string[]): Promise<unknown> {
  const probe = await RespProbe.open({ host: server.host, port: server.port }, 5_000)
  try {
    return await probe.call(...words)
  } finally {
    probe.close()
  }
}

function descendantsOf(pid: number): readonly number[] {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const below = (parent: number): number[] => pairs.flatMap(([child, of]) => (of === parent ? [child, ...below(child)] : []))
  return below(pid)
}

/** Asks again and again; the test's own time limit ends it. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, 30))
  while (!(await isSo()))
}
