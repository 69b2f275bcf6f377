import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cell, RunResult } from '../../../src/measure/run-result.ts'
import type { ServerKind } from '../../../src/targets/local/find-program.ts'
import { type LocalServer, startLocalServer } from '../../../src/targets/local/local-server.ts'
import { RespProbe } from '../../../src/targets/probe/resp-probe.ts'
import { type CliOutcome, startCli } from '../../../test/support/cli.ts'
import type { FakeProgram } from '../../../test/support/fakes/fake-main.ts'
import { FakeProcess } from '../../../test/support/fakes/fake-process.ts'
import { firstLinesOf, type Lamp, lampIn, readRun } from '../../support/run-figures.ts'

/** A command of the program that has ended. */
export interface Played extends CliOutcome {
  /** The run's folder. */
  readonly out: string
  readonly firstLines: string
  readonly lamp: Lamp
  /** Throws when there is none. */
  readonly run: RunResult
  /** The first of the run. */
  readonly cell: Cell
}

/** Where load goes: what is written behind --target, or what has an address. */
export type Endpoint = string | FakeProcess | LocalServer

/** One that is under way. */
export interface UnderWay {
  readonly pid: number
  readonly out: string
  readonly ended: Promise<Played>
}

/** How long anything is waited for before a scenario gives up, and how long a command of the program may take. */
const PATIENCE_MILLIS = 60_000
const LONGEST_COMMAND_MILLIS = 180_000
/** Of processor time in /proc; 100 a second wherever Node runs on Linux. */
const TICKS_PER_SECOND = 100

/** What a scenario is played on: the built program, servers and processes, all of which are gone with it. */
export class Stage {
  readonly seed: number
  readonly folder: string
  readonly #undo: (() => unknown)[] = []
  readonly #keeps: boolean
  #names = 0

  /** `keepIn`: a folder for what runs write, which is then kept; else it is gone with the stage. */
  constructor(seed: number, keepIn?: string) {
    this.seed = seed
    this.#keeps = keepIn !== undefined
    if (keepIn !== undefined) mkdirSync(keepIn, { recursive: true })
    this.folder = mkdtempSync(keepIn === undefined ? join(tmpdir(), 'cacheproof-bad-days-') : join(keepIn, 'stage-'))
  }

  async server(kind: ServerKind, ...args: readonly string[]): Promise<LocalServer> {
    const server = await startLocalServer({ kind, args })
    this.#undo.push(() => server.stop())
    return server
  }

  async fake(program: FakeProgram): Promise<FakeProcess> {
    const fake = await FakeProcess.start({ seed: this.seed, ...program })
    this.#undo.push(() => fake.close())
    return fake
  }

  /** Runs the workload of these lines, to its end. */
  play(on: Endpoint, ...lines: readonly string[]): Promise<Played> {
    return this.begin(on, ...lines).ended
  }

  begin(on: Endpoint, ...lines: readonly string[]): UnderWay {
    return this.startRun([this.#workload(lines), '--target', urlOf(on)])
  }

  /** `cacheproof run ...`, to its end. */
  run(args: readonly string[]): Promise<Played> {
    return this.startRun(args).ended
  }

  startRun(args: readonly string[]): UnderWay {
    const out = join(this.folder, `run-${++this.#names}`)
    return this.start(['run', ...args, '--seed', String(this.seed), '--out', out], out)
  }

  /** Any command; `out` is the folder of the run that it is about. */
  start(args: readonly string[], out: string): UnderWay {
    const { child, ended } = startCli(args)
    child.stdin?.end()
    this.#undo.push(() => child.kill('SIGKILL'))
    const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST_COMMAND_MILLIS)
    void ended.finally(() => clearTimeout(limit))
    const played = ended.then((outcome) => ({
      ...outcome,
      out,
      firstLines: firstLinesOf(outcome.stdout),
      lamp: lampIn(outcome.stdout),
      get run() {
        return readRun(out)
      },
      get cell() {
        return readRun(out).cells[0]!
      },
    }))
    return { pid: child.pid!, out, ended: played }
  }

  /** A process of ours beside the run. */
  beside(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(program, args, { stdio: 'ignore' })
    this.#undo.push(() => child.kill('SIGKILL'))
    return child
  }

  /** Until it is so; throws after a minute. */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const began = performance.now()
    while (!(await isSo())) {
      if (performance.now() - began > PATIENCE_MILLIS) throw new Error(`waited in vain until ${what}`)
      await pause(20)
    }
  }

  /** Until load reaches a server: the run has begun in earnest. */
  loadReaches(server: LocalServer, keys = 20): Promise<void> {
    return this.until('load reaches the server', async () => Number(await askRedis(server, 'DBSIZE')) >= keys)
  }

  #workload(lines: readonly string[]): string {
    const file = join(this.folder, `workload-${++this.#names}.yaml`)
    writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }

  async close(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo()
    if (!this.#keeps) rmSync(this.folder, { recursive: true, force: true })
  }
}

function urlOf(on: Endpoint): string {
  if (typeof on === 'string') return on
  return 'url' in on ? on.url : `${on.kind === 'memcached' ? 'memcached' : 'redis'}://${on.host}:${on.port}`
}

/** One command on a connection of its own. */
export async function askRedis(server: { readonly host: string; readonly port: number }, ...words: readonly string[]): Promise<unknown> {
  const probe = await RespProbe.open({ host: server.host, port: server.port }, 5_000)
  try {
    return await probe.call(...words)
  } finally {
    probe.close()
  }
}

/** A number of INFO. */
export async function redisInfo(server: LocalServer, field: string): Promise<number> {
  const info = String(await askRedis(server, 'INFO', 'everything'))
  return Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1])
}

/** Ids of the processes below one whose command line has these words, in the order in which they were started. */
export function descendantsOf(pid: number, words: string): readonly number[] {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const below = (parent: number): number[] => pairs.flatMap(([child, of]) => (of === parent ? [child, ...below(child)] : []))
  return below(pid).filter((child) => commandLineOf(child).includes(words))
}

/** What a process has used of the processor until now, all its threads together. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // Gone meanwhile.
    return ''
  }
}

export { pause }
