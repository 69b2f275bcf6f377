import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { createChance } from '../../src/runtime/chance.ts'
import { type LocalServer, startLocalServer } from '../../src/target/local/local-server.ts'
import { RespProbe } from '../../src/target/probe/resp-probe.ts'
import { startCli } from '../../test/support/cli.ts'
import { startPostgres } from '../../test/support/postgres-server.ts'

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

const WAYS = ['SIGKILL', 'SIGHUP', 'SIGINT', 'SIGINT SIGINT'] as const
/** A run that is not ended by then has ended by itself. */
const LATEST_MILLIS = 7_000
/** What the README grants the process that cleans up after us. */
const CLEAN_WITHIN_MILLIS = 20_000

/**
 * The bar: runs and validations that are ended at random moments, with servers of others, of our own and PostgreSQL, leave
 * nothing behind. `npm run long -- kills [--kills 60] [--seed N]`; some five minutes.
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
  })
  const urls = { redis: `redis://127.0.0.1:${redis.port}`, memcached: `memcached://127.0.0.1:${memcached.port}` }
  const commands: readonly (readonly string[])[] = [
    ['run', 'session-store', '--target', urls.redis, '--duration', '3s'],
    ['run', 'session-store', '--target', urls.memcached, '--duration', '3s'],
    ['run', 'cache-aside', '--target', 'local:redis', '--database', database.url, '--duration', '3s'],
    ['run', 'write-through', '--target', urls.memcached, '--database', database.url, '--duration', '3s'],
    ['validate', urls.redis, '--runs', '20'],
    ['validate', 'local:memcached', '--runs', '20'],
  ]
  const draws = createChance(seed).stream('kills')
  try {
    for (let number = kills.length; number < wanted; number++) {
      const by = WAYS[number % WAYS.length]!
      const command = commands[draws.uint32(number) % commands.length]!
      const afterMillis = Math.round(300 + draws.uniform(number, 1) * LATEST_MILLIS)
      const out = join(folder, `run-${number}`)
      const { child, ended } = startCli([...command, '--out', out], { ownGroup: true, env: { TMPDIR: scratch } })
      await Promise.race([pause(afterMillis), ended])
      for (const signal of by.split(' ')) {
        if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, signal as NodeJS.Signals)
        await pause(50)
      }
      const { code } = await ended
      const until = performance.now() + CLEAN_WITHIN_MILLIS
      let found = await left()
      while (Object.values(found).some((count) => count > 0) && performance.now() < until) {
        await pause(200)
        found = await left()
      }
      kills.push({ by, command: command.slice(0, 2).join(' '), afterMillis, code, left: found })
      progress(kills, `${by} of "${command.slice(0, 4).join(' ')}" after ${afterMillis} ms: ${JSON.stringify(found)}`)
      rmSync(out, { recursive: true, force: true })
    }
  } finally {
    await sql.end()
    await Promise.all([redis.stop(), memcached.stop(), database.close()])
    rmSync(folder, { recursive: true, force: true })
  }
  return { ok: kills.every((kill) => Object.values(kill.left).every((count) => count === 0)), seed, kills }
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
