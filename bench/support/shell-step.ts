import { execFile } from 'node:child_process'

/** One command of an installation, done. */
export interface ShellStep {
  readonly command: string
  readonly seconds: number
  /** Null when a signal, or its time limit, ended it. */
  readonly code: number | null
  /** What it wrote, standard output first. */
  readonly output: string
}

const MAX_OUTPUT_BYTES = 67_108_864

/** Runs a program as a user would who has just opened a shell in `folder`. Never rejects: how it ended is told. */
export function shellStep(folder: string, program: string, args: readonly string[], limitSeconds = 900): Promise<ShellStep> {
  const began = process.hrtime.bigint()
  return new Promise((resolve) => {
    const options = { cwd: folder, env: freshShell(), timeout: limitSeconds * 1_000, maxBuffer: MAX_OUTPUT_BYTES }
    execFile(program, [...args], options, (error, stdout, stderr) => {
      // The code is a text where the program could not be started at all: "ENOENT".
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      const why = error !== null && code === null ? `\n${error.message}` : ''
      const seconds = Number(process.hrtime.bigint() - began) / 1e9
      resolve({ command: [program, ...args].join(' '), seconds, code, output: `${stdout}${stderr}${why}` })
    })
  })
}

/** Without what an npm around us has set for its own script: the one inside would take this package for its own. */
function freshShell(): NodeJS.ProcessEnv {
  const inherited = /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_(local_)?prefix$|INIT_CWD$|NODE_ENV$|NODE_OPTIONS$|VITEST)/
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name))), NO_COLOR: '1' }
}

/** The line in which npm says that it could not get at its packages; undefined when something else is wrong. */
export function unreachableRegistry({ code, output }: ShellStep): string | undefined {
  if (code === 0) return undefined
  const words = /\b(ENOTCACHED|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|E5\d\d)\b/
  return output.split('\n').find((line) => words.test(line))
}
