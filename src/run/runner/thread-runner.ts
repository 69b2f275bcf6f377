import { Worker } from 'node:worker_threads'
import { entryFile } from '../../runtime/entry-file.ts'
import type { CellContext } from '../cell/cell-context.ts'
import type { FinishedCell } from '../cell/finish-cell.ts'
import type { CellRunner, CellTold } from './cell-runner.ts'
import { unpackError } from './portable-error.ts'
import type { FromThread, ThreadContext, ToThread } from './thread-messages.ts'

interface UnderWay extends CellTold {
  readonly resolve: (finished: FinishedCell) => void
  readonly reject: (error: unknown) => void
}

/** Runs cells in a thread of its own, which is started at once. It writes the histories; journal, notes and progress are told here. */
export function createThreadRunner(context: CellContext): CellRunner {
  const { folder, signal, observer: _, plant: __, ...data } = context
  // A copy: the process's own environment is no plain object.
  const workerData: ThreadContext = {
    ...data,
    env: { ...data.env },
    ...(folder && { folder: { path: folder.path, historyPath: folder.historyPath } }),
  }
  const thread = new Worker(entryFile(import.meta.url, './thread-main.ts'), { workerData, execArgv: [] })
  let underWay: UnderWay | undefined
  let dead: Error | undefined

  const send = (message: ToThread) => thread.postMessage(message)
  const take = (): UnderWay | undefined => {
    const taken = underWay
    underWay = undefined
    return taken
  }
  const die = (error: Error) => {
    dead ??= error
    take()?.reject(dead)
  }
  const abort = () => send({ kind: 'abort' })
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort)
  thread.on('message', (message: FromThread) => {
    if (message.kind === 'journal') underWay?.journal(message.entry)
    else if (message.kind === 'note') underWay?.note(message.text)
    else if (message.kind === 'progress') underWay?.progress(message.progress)
    else if (message.kind === 'finished') take()?.resolve(message.finished)
    else take()?.reject(unpackError(message.error))
  })
  thread.on('error', die)
  thread.on('exit', () => die(new Error('a thread that runs cells ended before its time')))
  return {
    run(plan, startedAtNanos, told) {
      if (dead) return Promise.reject(dead)
      return new Promise((resolve, reject) => {
        underWay = { ...told, resolve, reject }
        send({ kind: 'run', plan, startedAtNanos })
      })
    },
    async close() {
      signal.removeEventListener('abort', abort)
      await thread.terminate()
    },
  }
}
