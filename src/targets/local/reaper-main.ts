import { createInterface } from 'node:readline'
import { runUndo } from './run-undo.ts'
import type { ReaperMessage, UndoEntry } from './undo-entry.ts'

/**
 * The reaper's program: remembers what it is told on standard input and, at its end (the process that started it is
 * gone, however it ended), undoes what was not taken back. See reaper.ts.
 */
const entries = new Map<number, UndoEntry>()

// Ctrl-C, a closed terminal and a polite kill go to the process that started us; its end is what we wait for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  try {
    const message = JSON.parse(line) as ReaperMessage
    if ('entry' in message) entries.set(message.add, message.entry)
    else entries.delete(message.remove)
  } catch {
    // A line that was cut when its writer died.
  }
})
lines.on('close', () => {
  runUndo([...entries.values()]).then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
process.stdin.on('error', () => lines.close())
