import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TargetError } from '../../client/target-error.ts'
import type { ProbeTls } from '../../client/tls-options.ts'
import { findServerProgram, type ServerKind } from './find-program.ts'
import { freePort } from './free-port.ts'
import { processStart } from './process-identity.ts'
import { theReaper } from './reaper.ts'
import { createScratchFolder, type ScratchFolder } from './scratch-folder.ts'
import { askServer, type ServerAnswer } from './server-answer.ts'
import { type Persistence, type ServerTls, serverArguments } from './server-arguments.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface LocalServerOptions {
  readonly kind: ServerKind
  /** Appended to the command line, so that they win over ours: `['--maxmemory', '64mb']`, `['-m', '64']`. */
  readonly args?: readonly string[]
  /** "none" unless told. Redis and Valkey only. */
  readonly persistence?: Persistence
  readonly tls?: ServerTls
  /** Where PATH is looked up; this process's own environment unless told. */
  readonly env?: Environment
}

/** A real server of ours on a free loopback port, with a folder of its own. Gone with us, also after our `kill -9` (reaper.ts). */
export interface LocalServer {
  readonly kind: ServerKind
  readonly host: '127.0.0.1'
  readonly port: number
  readonly folder: string
  /** As the server says: "7.0.15". */
  readonly version: string
  /** Undefined while it is not running. Another one after each start. */
  readonly pid: number | undefined
  readonly tls: ServerTls | undefined
  /** As `kill -9`; resolves when the process is gone. Nothing if it is not running. */
  kill(): Promise<void>
  /** Starts it again on the same port, with what persistence kept; resolves when it answers. Nothing if it is running. */
  start(): Promise<void>
  /** Kills it and removes its folder. Idempotent; final. */
  stop(): Promise<void>
}

const PORT_ATTEMPTS = 5
const SAME_PORT_ATTEMPTS = 20
const SAME_PORT_PAUSE_MILLIS = 100
/** Until the process answers, and until it has read its data. Generous: machines that run tests are busy. */
const ANSWER_LIMIT_MILLIS = 30_000
const LOADING_LIMIT_MILLIS = 120_000
const POLL_MILLIS = 15

/**
 * Starts a real server from PATH; resolves when it answers. Throws `TargetError`: TARGET_MISSING_SERVER when the
 * program isn't there, TARGET_UNUSABLE (with the server's own words) when it doesn't start.
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const env = options.env ?? process.env
  const program = findServerProgram(options.kind, env['PATH'] ?? '')
  const server = new RunningServer(options, program, env, createScratchFolder(options.kind))
  try {
    await server.startAnywhere()
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

class RunningServer implements LocalServer {
  readonly kind: ServerKind
  readonly host = '127.0.0.1'
  readonly folder: string
  readonly tls: ServerTls | undefined
  port = 0
  version = ''
  private child: ChildProcess | undefined
  private stopped = false
  /** Kill, start and stop wait for each other. */
  private turn: Promise<unknown> = Promise.resolve()
  private readonly options: LocalServerOptions
  private readonly program: string
  private readonly env: Environment
  private readonly scratch: ScratchFolder

  constructor(options: LocalServerOptions, program: string, env: Environment, scratch: ScratchFolder) {
    this.options = options
    this.program = program
    this.env = env
    this.scratch = scratch
    this.kind = options.kind
    this.folder = scratch.path
    this.tls = options.tls
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  /** On a free port; on another one when the first was taken between our look and the server's. */
  async startAnywhere(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.port = await freePort()
      const outcome = await this.spawn()
      if (outcome === 'started') return
      if (attempt === PORT_ATTEMPTS) throw this.unusable(`found ${PORT_ATTEMPTS} ports in a row taken`)
    }
  }

  start(): Promise<void> {
    return this.inTurn(async () => {
      if (this.stopped) throw this.unusable('was stopped for good')
      if (this.child !== undefined) return
      for (let attempt = 1; ; attempt++) {
        if ((await this.spawn()) === 'started') return
        if (attempt === SAME_PORT_ATTEMPTS) throw this.unusable(`found its port ${this.port} taken when it was to start again`)
        await pause(SAME_PORT_PAUSE_MILLIS)
      }
    })
  }

  kill(): Promise<void> {
    return this.inTurn(() => this.killNow())
  }

  stop(): Promise<void> {
    return this.inTurn(async () => {
      this.stopped = true
      await this.killNow()
      this.scratch.remove()
    })
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }

  private async killNow(): Promise<void> {
    const child = this.child
    if (child === undefined) return
    child.ref()
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGKILL')
    await gone
  }

  private async spawn(): Promise<'started' | 'port taken'> {
    const log = openSync(join(this.folder, LOG), 'w', 0o600)
    const child = spawn(this.program, this.arguments(), {
      cwd: this.folder,
      // Its own session: Ctrl-C at the terminal is for us, and we still want to read from the server then.
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: this.env['PATH'] },
    })
    closeSync(log)
    child.unref()
    const start = child.pid === undefined ? undefined : processStart(child.pid)
    const takeBack = start === undefined ? () => undefined : theReaper().register({ kind: 'kill', pid: child.pid!, start })
    this.child = child
    const gone = () => {
      if (this.child === child) this.child = undefined
      takeBack()
    }
    child.once('exit', gone)
    child.once('error', gone)
    const answer = await this.answerOf(child)
    if (answer === undefined) {
      if (/already in use/i.test(this.log())) return 'port taken'
      throw this.unusable(`ended at once: ${lastLines(this.log())}`)
    }
    this.version = answer.version ?? this.version
    return 'started'
  }

  /** Waits until the child answers; undefined when it died instead. */
  private async answerOf(child: ChildProcess): Promise<ServerAnswer | undefined> {
    const begun = Date.now()
    for (;;) {
      if (this.child !== child) return undefined
      const answer = await this.ask()
      if (this.child !== child) return undefined
      const ours = answer !== undefined && (answer.pid === child.pid || (answer.pid === undefined && this.saysReady()))
      if (ours && !answer.loading) return answer
      const waited = Date.now() - begun
      if (waited > (ours ? LOADING_LIMIT_MILLIS : ANSWER_LIMIT_MILLIS)) {
        child.kill('SIGKILL')
        throw this.unusable(`did not answer within ${Math.round(waited / 1000)} s: ${lastLines(this.log())}`)
      }
      await pause(POLL_MILLIS)
    }
  }

  private ask(): Promise<ServerAnswer | undefined> {
    const { host, port, tls } = this
    const endpoint = tls === undefined ? { host, port } : { host, port, tls: probeTls(tls) }
    return askServer(this.kind, endpoint, ANSWER_LIMIT_MILLIS, this.password()).catch(() => undefined)
  }

  /** Who wants a password says no more than that it is there; then its log must say that it got its port. */
  private saysReady(): boolean {
    return this.kind === 'memcached' || this.log().includes('Ready to accept connections')
  }

  private password(): string | undefined {
    const at = this.options.args?.lastIndexOf('--requirepass') ?? -1
    return at < 0 ? undefined : this.options.args?.[at + 1]
  }

  private arguments(): string[] {
    const { args = [], persistence = 'none', tls } = this.options
    const asRoot = process.getuid?.() === 0
    return serverArguments({ kind: this.kind, port: this.port, persistence, args, asRoot, ...(tls === undefined ? {} : { tls }) })
  }

  private log(): string {
    try {
      return readFileSync(join(this.folder, LOG), 'utf8')
    } catch {
      return ''
    }
  }

  private unusable(what: string): TargetError {
    return new TargetError('TARGET_UNUSABLE', `local:${this.kind} (${this.program}) ${what}`, 'Check the arguments that were given to it.')
  }
}

const LOG = 'server.log'

function probeTls(tls: ServerTls): ProbeTls {
  // The server's own certificate is good enough to be let in where it wants one of its clients.
  const own = tls.verifyClients === true ? { cert: readFileSync(tls.certFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') } : {}
  return { rejectUnauthorized: false, ...own }
}

function lastLines(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-3).join(' | ') || 'it said nothing'
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}
