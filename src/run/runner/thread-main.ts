import { parentPort, workerData } from 'node:worker_threads'
import type { CellContext } from '../cell/cell-context.ts'
import { createInProcessRunner } from './in-process-runner.ts'
import { packError } from './portable-error.ts'
import type { FromThread, ThreadContext, ToThread } from './thread-messages.ts'

/** The thread of `createThreadRunner`: runs the cells that it is given, one after another. */
const { folder, ...data } = workerData as ThreadContext
const interrupt = new AbortController()
const context: CellContext = { ...data, ...(folder && { folder: { ...folder, journal() {} } }), signal: interrupt.signal, observer: {} }
const runner = createInProcessRunner(context)

const tell = (message: FromThread) => parentPort!.postMessage(message)

parentPort!.on('message', (message: ToThread) => {
  if (message.kind === 'abort') {
    interrupt.abort()
    return
  }
  const told = {
    journal: (entry: Extract<FromThread, { kind: 'journal' }>['entry']) => tell({ kind: 'journal', entry }),
    note: (text: string) => tell({ kind: 'note', text }),
    progress: (progress: Extract<FromThread, { kind: 'progress' }>['progress']) => tell({ kind: 'progress', progress }),
  }
  runner.run(message.plan, message.startedAtNanos, told).then(
    (finished) => tell({ kind: 'finished', finished }),
    (error: unknown) => tell({ kind: 'failed', error: packError(error) }),
  )
})
