import { parentPort, workerData } from 'node:worker_threads'
import type { HistoryColumns } from '../../measure/history.ts'
import { HistoryEncoder } from './history-encoder.ts'
import type { HistoryThreadAnswer, HistoryThreadMessage } from './history-file-writer.ts'
import { mergeRecorded } from './recorded-history.ts'
import { createWholeFile, type WholeFile } from './whole-file.ts'

/** The thread of `HistoryFileWriter`: turns row groups into a file as they come. */
const { path } = workerData as { readonly path: string }
let file: WholeFile | undefined
let encoder: HistoryEncoder | undefined
let failed = false

/** One message after another: some take their time. */
let last = Promise.resolve()
parentPort!.on('message', (message: HistoryThreadMessage) => {
  last = last.then(async () => {
    if (failed) return
    try {
      await take(message)
    } catch (error) {
      failed = true
      file?.discard()
      answer({ done: false, message: (error as Error).message, code: (error as NodeJS.ErrnoException).code })
    }
  })
})

async function take(message: HistoryThreadMessage): Promise<void> {
  if (message.kind === 'discard' || message.kind === 'again') {
    file?.discard()
    file = undefined
    encoder = undefined
    if (message.kind === 'discard') answer({ done: true })
    return
  }
  file ??= createWholeFile(path)
  encoder ??= new HistoryEncoder(file.write)
  const encode = (columns: HistoryColumns) => encoder!.rowGroup(columns)
  if (message.kind === 'rows') encode(message.columns)
  else if (message.kind === 'recorded') await mergeRecorded(message.recorded).read(encode)
  if (message.kind !== 'finish') return
  encoder.finish()
  file.finish()
  answer({ done: true })
}

function answer(value: HistoryThreadAnswer): void {
  parentPort!.postMessage(value)
  // The last thing it has to say: without a listener the thread ends by itself.
  parentPort!.close()
}
