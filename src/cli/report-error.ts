import { printable } from '../report/text/printable.ts'
import { reason } from '../runtime/reason.ts'
import { withoutPasswords } from '../workload/file/redact.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** Errors of commander carry their own exit code; those a user can mend carry a hint. No class is imported: starting must stay quick. */
interface KnownError {
  readonly name?: string
  readonly code?: string
  readonly message: string
  readonly hint?: string
  readonly exitCode?: number
}

/** What no program can do anything about; wherever it is met it is no mistake of ours. */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'ENOMEM', 'EAGAIN'])

/** Says what went wrong, on stderr, and which exit code follows. A stack trace is shown only for our own mistakes, and only when asked for. */
export function reportError(error: unknown, write: (text: string) => void = (text) => process.stderr.write(text)): ExitCode {
  const known: KnownError = error instanceof Error ? (error as KnownError) : { message: String(error) }
  if (known.name === 'CommanderError') return known.exitCode === 0 ? EXIT.ok : EXIT.usage
  const hint = known.hint ? `\n  ${shown(known.hint)}` : ''
  if (known.name === 'UsageError') {
    write(`cacheproof: ${shown(known.message)}${hint}\n`)
    return EXIT.usage
  }
  if (known.name === 'TargetError') {
    write(`cacheproof: ${shown(known.message)}${hint}\n`)
    return EXIT.target
  }
  if (known.code !== undefined && EXHAUSTED.has(known.code)) {
    write(`cacheproof: this machine has run out of something: ${reason(error)}\n  ${shown(known.message)}\n`)
    return EXIT.usage
  }
  // Where no descriptor is left, Node finds no module either.
  if (known.code === 'ERR_MODULE_NOT_FOUND') {
    write(
      `cacheproof: a part of the program can't be read: is it installed whole, and are file descriptors left (ulimit -n)?\n  ${shown(known.message)}\n`,
    )
    return EXIT.usage
  }
  write(`cacheproof: internal error: ${shown(known.message)}\n  This is a mistake of cacheproof, not of yours. CACHEPROOF_DEBUG=1 shows where.\n`)
  if (process.env.CACHEPROOF_DEBUG && error instanceof Error) write(`${error.stack}\n`)
  return EXIT.internal
}

/** Whatever was misspelt, a password in it is not said. */
function shown(text: string): string {
  return printable(withoutPasswords(text))
}

/**
 * Nobody reads on (`cacheproof ... | head`): that is the reader's affair, and what was measured is in its folder.
 * Output that is lost for another reason, like a full disk behind `>`, is said.
 */
export function reportLostOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  process.exitCode = EXIT.usage
  // Where stderr itself is lost there is nobody left to tell; the exit code says it.
  process.stderr.write(`cacheproof: the output can't be written: ${printable(error.message)}\n`, () => {})
}
