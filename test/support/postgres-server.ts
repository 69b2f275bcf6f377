import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A throw-away PostgreSQL on a free loopback port, in a temporary folder, for the length of a test file. */
export interface PostgresServer {
  readonly url: string
  readonly port: number
  /** The password of the role in the URL; the URL holds it. */
  readonly password: string
  /** As `kill -9` of the postmaster and its children. */
  kill(): Promise<void>
  /** Starts it again on the same port and data. */
  start(): Promise<void>
  /** Ends it and removes the folder. Idempotent. */
  close(): Promise<void>
}

const ROLE = 'app'
const PASSWORD = 'let-me-in'

/** Where Debian keeps the programs, newest first, then PATH. Undefined when PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = isThere(debian) ? readdirSync(debian).sort((left, right) => Number(right) - Number(left)) : []
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.find((folder) => isThere(join(folder, 'initdb')) && isThere(join(folder, 'postgres')))
}

/**
 * Starts one. PostgreSQL refuses to run as root: then it runs as the user `postgres`. It dies with this process,
 * whatever ends it: its standard input is a pipe of ours that a small shell watches.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = findPostgres()
  if (bin === undefined) throw new Error('PostgreSQL is not installed (Debian, Ubuntu: apt-get install postgresql)')
  const identity = await userToRunAs()
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-postgres-'))
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${PASSWORD}\n`)
  for (const path of [folder, passwordFile]) if (identity) chownSync(path, identity.uid, identity.gid)
  const settings = ['--auth=scram-sha-256', `--username=${ROLE}`, `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-locale', '--no-sync']
  await run(join(bin, 'initdb'), ['-D', data, ...settings], { ...identity, cwd: folder })
  const port = await freePort()
  const options = ['-D', data, '-p', String(port), '-k', folder]
  // Small and quick; nothing here has to survive a power cut.
  for (const setting of ['listen_addresses=127.0.0.1', 'fsync=off', 'shared_buffers=16MB', 'max_connections=60', 'autovacuum=off'])
    options.push('-c', setting)

  let process: ChildProcess | undefined
  let output = ''

  async function start(): Promise<void> {
    // The shell waits for its standard input to end, which happens when we close it or are gone, and then ends the server.
    const script = '"$@" & server=$!; echo "pid $server"; (cat > /dev/null; kill -QUIT $server) <&3 & wait $server'
    process = spawn('sh', ['-c', `exec 3<&0; ${script}`, 'sh', join(bin!, 'postgres'), ...options], {
      ...identity,
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    output = ''
    const started = process
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        output += chunk
        if (output.includes('ready to accept connections')) resolve()
      }
      started.stdout?.on('data', read)
      started.stderr?.on('data', read)
      started.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${output}`)))
    })
  }

  async function kill(): Promise<void> {
    const pid = Number(/pid (\d+)/.exec(output)?.[1])
    const ended = process && once(process, 'exit')
    // The children notice within a moment that the postmaster is gone, and end; the port must be free of them.
    const children = await childrenOf(pid)
    for (const one of [pid, ...children]) signal(one, 'SIGKILL')
    await ended
    process?.stdin?.destroy()
    process = undefined
  }

  async function close(): Promise<void> {
    if (process) {
      const ended = once(process, 'exit')
      process.stdin?.end()
      await ended
      process = undefined
    }
    rmSync(folder, { recursive: true, force: true })
  }

  await start()
  return { url: `postgres://${ROLE}:${PASSWORD}@127.0.0.1:${port}/postgres`, port, password: PASSWORD, kill, start, close }
}

async function userToRunAs(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)))
  return { uid: uid!, gid: gid! }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout
    .split('\n')
    .map(Number)
    .filter((child) => child > 0)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Already gone.
  }
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
