import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root, from where this stands as a source or as what was built of it. */
export const HOME = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url))
/** What is behind the `cacheproof` of the package's `bin`. */
export const CLI = join(HOME, 'dist', 'src', 'cli', 'main.js')

export interface CliOptions {
  readonly cwd?: string
  /** Added to this process's environment; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The program; `CLI` unless told. */
  readonly main?: string
  /** A process group of its own, as a shell gives each of its jobs: what Ctrl-C reaches. */
  readonly ownGroup?: boolean
}

export interface CliOutcome {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Both, for tests of what must never be written anywhere. */
  readonly all: string
}

/** Runs the built program as a process of its own, the way a user does, and waits for its end. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  const { child, ended } = startCli(args, options)
  child.stdin?.end()
  return ended
}

/** As `cli`, for tests that do something to the process meanwhile. */
export function startCli(args: readonly string[], options: CliOptions = {}): { readonly child: ChildProcess; readonly ended: Promise<CliOutcome> } {
  // A terminal's or CI's own settings would change what is printed.
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CACHEPROOF_DEBUG: undefined, ...options.env }
  const child = spawn(process.execPath, [options.main ?? CLI, ...args], { cwd: options.cwd, env, stdio: 'pipe', detached: options.ownGroup === true })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  }
  const ended = new Promise<CliOutcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...written, all: written.stdout + written.stderr }))
  })
  return { child, ended }
}

/** Errors of a user and of the world are told in words: never as a stack trace or as a mistake of ours. */
export function isInPlainWords({ all }: CliOutcome): boolean {
  return !/^\s+at .*:\d+:\d+\)?$/m.test(all) && !all.includes('internal error') && !all.includes('node:internal')
}
