import { Worker } from 'node:worker_threads'
import { ServiceProbe } from '../../src/chaos/service-probe.ts'
import { createRealRuntime } from '../../src/runtime/real-runtime.ts'
import { openTarget } from '../../src/targets/open-target.ts'

const TIMES = 5
const LIMIT_MILLIS = 50

/**
 * Another program's view of the same server: a bare socket, connected anew whenever it is lost, that says PING every
 * millisecond and nothing else. Tells the longest time between two answers. In a thread of its own, so that what keeps us
 * busy does not keep it from watching.
 */
const WATCHER = `
const { parentPort, workerData } = require('node:worker_threads')
const { connect } = require('node:net')
let last = process.hrtime.bigint(), longest = 0n, socket, up = false
const open = () => {
  socket = connect(workerData.port, workerData.host)
  socket.setNoDelay(true)
  socket.on('connect', () => (up = true))
  socket.on('data', () => {
    const now = process.hrtime.bigint()
    if (now - last > longest) longest = now - last
    last = now
  })
  socket.on('error', () => {})
  socket.on('close', () => { up = false; setTimeout(open, 1) })
}
open()
setInterval(() => up && socket.write('PING\\r\\n'), 1)
parentPort.on('message', (what) => {
  if (what === 'begin') { longest = 0n; last = process.hrtime.bigint() }
  else { parentPort.postMessage(Number(longest)); process.exit(0) }
})
parentPort.postMessage('ready')
`

/** The bar: how long a killed server was away is told within 50 ms of what an independent probe saw, five times of five. */
export async function run({ progress }: { progress: (state: unknown, line?: string) => void }) {
  const differences: number[] = []
  const sleep = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))
  for (let time = 0; time < TIMES; time++) {
    const runtime = createRealRuntime({ seed: time })
    const target = await openTarget('local:redis', { runtime, client: 'wire', env: process.env })
    try {
      const { hostname, port } = new URL(target.connectUrl!.replace(/^\w+:/, 'http:'))
      const watcher = new Worker(WATCHER, { eval: true, workerData: { host: hostname, port: Number(port) } })
      const heard = () => new Promise<unknown>((resolve) => watcher.once('message', resolve))
      await heard()
      const probe = (await ServiceProbe.open(target, { runtime, family: 'redis', key: 'cacheproof:probe' }))!
      probe.start(runtime.now())
      await sleep(500)
      watcher.postMessage('begin')
      await sleep(500)
      await new Promise<unknown>((resolve) => target.control!.kill(resolve))
      await sleep(300 + 400 * time)
      await new Promise<unknown>((resolve) => target.control!.start(resolve))
      await sleep(500)
      const { readsAway, writesAway } = await probe.stop()
      const told = Math.max(...[...readsAway, ...writesAway].map(({ fromNanos, toNanos }) => (toNanos ?? Number.POSITIVE_INFINITY) - fromNanos))
      const answer = heard()
      watcher.postMessage('end')
      const seen = (await answer) as number
      differences.push((told - seen) / 1e6)
      progress({}, `told ${(told / 1e6).toFixed(1)} ms, an independent probe saw ${(seen / 1e6).toFixed(1)} ms`)
    } finally {
      await target.close()
      runtime.close()
    }
  }
  return {
    ok: differences.every((millis) => Math.abs(millis) <= LIMIT_MILLIS),
    times: TIMES,
    limitMillis: LIMIT_MILLIS,
    differencesMillis: differences,
  }
}
