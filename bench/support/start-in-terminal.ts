import { spawn } from 'node:child_process'
import { quoted } from '../../src/check/shell-word.ts'

/** A program in a terminal of its own. */
export interface InTerminal {
  /** As when its window is closed: the terminal is gone, and the system tells those in it (SIGHUP). */
  close(): void
  readonly ended: Promise<void>
}

/** `script` (util-linux) holds the terminal's other end; when it dies, nobody does. */
export function startInTerminal(words: readonly string[], env: Readonly<Record<string, string>>): InTerminal {
  const child = spawn('script', ['--quiet', '--flush', '--command', words.map(quoted).join(' '), '/dev/null'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  return {
    close: () => void child.kill('SIGKILL'),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => resolve())
    }),
  }
}
