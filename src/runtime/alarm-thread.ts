import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'

/**
 * An alarm clock with a resolution of some 60 us. Node's own timers are good to a millisecond or two, and polling
 * until an instant comes costs a whole core, which on a small machine is the server's. A thread that sleeps in
 * `Atomics.wait` costs nothing while it sleeps and wakes the event loop by a message.
 */
export interface AlarmThread {
  /** Rings once, `delayNanos` from now; replaces an alarm that has not rung. */
  set(delayNanos: number): void
  /** Final. */
  close(): void
}

/**
 * Cell 0 counts orders. The sleeper reads the order, sleeps until its time is over or a new order comes, and rings.
 * It never holds the process alive.
 */
const SLEEPER = `
const { workerData: { cells, delay, port } } = require('node:worker_threads')
let order = 0
for (;;) {
  Atomics.wait(cells, 0, order)
  for (;;) {
    order = Atomics.load(cells, 0)
    if (order < 0) process.exit()
    if (Atomics.wait(cells, 0, order, delay[0]) === 'timed-out') break
  }
  port.postMessage(order)
}
`

export function startAlarmThread(ring: () => void): AlarmThread {
  const cells = new Int32Array(new SharedArrayBuffer(4))
  const delay = new Float64Array(new SharedArrayBuffer(8))
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(SLEEPER, { eval: true, workerData: { cells, delay, port: port2 }, transferList: [port2], execArgv: [], env: {} })
  worker.unref()
  port1.on('message', (order: number) => {
    // A ring of an alarm that was replaced meanwhile is of no use.
    if (order === Atomics.load(cells, 0)) ring()
  })
  port1.unref()
  return {
    set(delayNanos) {
      delay[0] = Math.max(0, delayNanos) / 1e6
      Atomics.add(cells, 0, 1)
      Atomics.notify(cells, 0)
    },
    close() {
      Atomics.store(cells, 0, -1)
      Atomics.notify(cells, 0)
      receiveMessageOnPort(port1)
      port1.close()
    },
  }
}
