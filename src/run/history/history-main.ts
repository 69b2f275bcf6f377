import { parentPort, workerData } from 'node:worker_threads'
import { HistoryEncoder } from './history-encoder.ts'
import type { HistoryThreadAnswer, HistoryThreadMessage } from './history-file-writer.ts'
import { createWholeFile, type WholeFile } from './whole-file.ts'

/** The thread of `HistoryFileWriter`: turns row groups into a file as they come. */
const { path } = workerData as { readonly path: string }
let file: WholeFile | undefined
let encoder: HistoryEncoder | undefined
let failed = false

parentPort!.on('message', (message: HistoryThreadMessage) => {
  if (failed) return
  try {
    take(message)
  } catch (error) {
    failed = true
    file?.discard()
    answer({ done: false, message: (error as Error).message, code: (error as NodeJS.ErrnoException).code })
  }
})

function take(message: HistoryThreadMessage): void {
  if (message.kind === 'discard' || message.kind === 'again') {
    file?.discard()
    file = undefined
    encoder = undefined
    if (message.kind === 'discard') answer({ done: true })
    return
  }
  file ??= createWholeFile(path)
  encoder ??= new HistoryEncoder(file.write)
  if (message.kind === 'rows') {
    encoder.rowGroup(message.columns)
    return
  }
  encoder.finish()
  file.finish()
  answer({ done: true })
}

function answer(value: HistoryThreadAnswer): void {
  parentPort!.postMessage(value)
  // The last thing it has to say: without a listener the thread ends by itself.
  parentPort!.close()
}
