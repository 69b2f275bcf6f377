import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { createChance } from '../../src/runtime/chance.ts'
import { type LocalServer, startLocalServer } from '../../src/targets/local/local-server.ts'
import { RespProbe } from '../../src/targets/probe/resp-probe.ts'
import { CLI, cli, startCli } from '../../test/support/cli.ts'
import { startPostgres } from '../../test/support/postgres-server.ts'
import { processesOf } from '../support/processes-of.ts'
import { startInTerminal } from '../support/start-in-terminal.ts'

/** How one run was ended, and what was left of it some seconds later: nothing, if all is well. */
interface Kill {
  readonly by: string
  readonly command: string
  readonly afterMillis: number
  readonly code: number | null
  readonly left: Readonly<Record<string, number>>
}

export interface KillsOptions {
  readonly kills?: number
  readonly seed?: number
  readonly resume?: readonly Kill[] | undefined
  progress(kills: readonly Kill[], line?: string): void
}

const WAYS = ['SIGKILL', 'SIGHUP', 'SIGINT', 'SIGINT SIGINT', 'closed terminal'] as const
/** A run that is not ended by then has ended by itself; a report is over in a second or two. */
const LATEST_MILLIS = { run: 7_000, validate: 7_000, report: 1_500 } as const
/** What the README grants the process that cleans up after us. */
const CLEAN_WITHIN_MILLIS = 20_000

/**
 * The bar: runs, validations and reports that are ended at random moments, also by a terminal that is closed, with servers of
 * others, of our own and PostgreSQL, leave nothing behind; and what a run had written can be read afterwards.
 * `npm run long -- kills [--kills 60] [--seed N]`; some ten minutes.
 */
export async function run({ kills: wanted = 60, seed = 1, resume = [], progress }: KillsOptions) {
  const kills: Kill[] = [...resume]
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-kills-'))
  const scratch = join(folder, 'tmp')
  mkdirSync(scratch)
  const [redis, memcached, database] = await Promise.all([
    startLocalServer({ kind: 'redis' }),
    startLocalServer({ kind: 'memcached' }),
    startPostgres(),
  ])
  const sql = postgres(database.url, { max: 1 })
  const left = async () => ({
    keys: await keysOf(redis),
    items: await itemsOf(memcached),
    tables: (await sql`select 1 from pg_class where relname like 'cacheproof%' and relkind = 'r'`).length,
    folders: readdirSync(scratch).length,
    processes: processesOf(scratch).length,
  })
  const finished = join(folder, 'finished')
  const urls = { redis: `redis://127.0.0.1:${redis.port}`, memcached: `memcached://127.0.0.1:${memcached.port}` }
  const commands: readonly (readonly string[])[] = [
    ['run', 'session-store', '--target', urls.redis, '--duration', '3s'],
    ['run', 'session-store', '--target', urls.memcached, '--duration', '3s'],
    ['run', 'cache-aside', '--target', 'local:redis', '--database', database.url, '--duration', '3s'],
    ['run', 'write-through', '--target', urls.memcached, '--database', database.url, '--duration', '3s'],
    ['validate', urls.redis, '--runs', '20'],
    ['validate', 'local:memcached', '--runs', '20'],
    ['report', finished],
  ]
  const draws = createChance(seed).stream('kills')
  try {
    await cli(['run', 'session-store', '--target', urls.redis, '--duration', '3s', '--out', finished], { env: { TMPDIR: scratch } })
    for (let number = kills.length; number < wanted; number++) {
      const by = WAYS[number % WAYS.length]!
      const command = commands[draws.uint32(number) % commands.length]!
      const afterMillis = Math.round(300 + draws.uniform(number, 1) * LATEST_MILLIS[command[0] as keyof typeof LATEST_MILLIS])
      const out = join(folder, `run-${number}`)
      // A report is written where its run is: a copy, so that each meets a whole one.
      if (command[0] === 'report') cpSync(finished, out, { recursive: true })
      const args = command[0] === 'report' ? ['report', out] : [...command, '--out', out]
      const code = await endedBy(by, args, afterMillis, scratch)
      const until = performance.now() + CLEAN_WITHIN_MILLIS
      let found = await left()
      while (Object.values(found).some((count) => count > 0) && performance.now() < until) {
        await pause(200)
        found = await left()
      }
      const unreadable = await isUnreadable(command[0]!, out, scratch)
      kills.push({ by, command: namedIn(command, urls), afterMillis, code, left: { ...found, unreadable: unreadable ? 1 : 0 } })
      progress(kills, `${by} of "${namedIn(command, urls)}" after ${afterMillis} ms: ${JSON.stringify(kills.at(-1)!.left)}`)
      rmSync(out, { recursive: true, force: true })
    }
  } finally {
    await sql.end()
    await Promise.all([redis.stop(), memcached.stop(), database.close()])
    rmSync(folder, { recursive: true, force: true })
  }
  return { ok: kills.every((kill) => Object.values(kill.left).every((count) => count === 0)), seed, kills }
}

async function endedBy(by: string, args: readonly string[], afterMillis: number, scratch: string): Promise<number | null> {
  if (by === 'closed terminal') {
    const terminal = startInTerminal([process.execPath, CLI, ...args], { TMPDIR: scratch })
    await Promise.race([pause(afterMillis), terminal.ended])
    terminal.close()
    await terminal.ended
    return null
  }
  const { child, ended } = startCli(args, { ownGroup: true, env: { TMPDIR: scratch } })
  await Promise.race([pause(afterMillis), ended])
  for (const signal of by.split(' ')) {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, signal as NodeJS.Signals)
    await pause(50)
  }
  return (await ended).code
}

/** Whether a report can't be made of what a run has written until its end, or of what a report has left of its run. */
async function isUnreadable(command: string, out: string, scratch: string): Promise<boolean> {
  const wroteCells =
    existsSync(join(out, 'run.json')) || (existsSync(join(out, 'journal.ndjson')) && readFileSync(join(out, 'journal.ndjson')).length > 0)
  if (command === 'validate' || !wroteCells) return false
  const { code } = await cli(['report', out], { env: { TMPDIR: scratch } })
  return ![0, 1, 4, 130].includes(code ?? -1) || !existsSync(join(out, 'index.html'))
}

/** Without what is another one each time. */
function namedIn(command: readonly string[], urls: { readonly redis: string; readonly memcached: string }): string {
  if (command[0] === 'report') return 'report'
  const words = command.map((word) => (word.startsWith('postgres:') ? 'postgres://' : word))
  return words
    .slice(0, words.indexOf('--duration') > 0 ? words.indexOf('--duration') : 2)
    .map((word) => (word === urls.redis ? 'redis://' : word === urls.memcached ? 'memcached://' : word))
    .join(' ')
}

async function keysOf({ host, port }: LocalServer): Promise<number> {
  const probe = await RespProbe.open({ host, port }, 5_000)
  try {
    return Number(await probe.call('DBSIZE'))
  } finally {
    probe.close()
  }
}

async function itemsOf({ host, port }: LocalServer): Promise<number> {
  const socket = connect(port, host)
  socket.write('stats\r\n')
  let heard = ''
  for await (const chunk of socket) {
    heard += String(chunk)
    if (heard.endsWith('END\r\n')) break
  }
  return Number(/^STAT curr_items (\d+)/m.exec(heard)?.[1])
}
