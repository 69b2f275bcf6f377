// What bytes cost on their way, in processor time of this process, per call: a question of 40 bytes and an answer of 110.
// On virtual time over the virtual network, beside the travel lines of the embedded engine's own client (the same
// two events and two draws a call, and no bytes); on real time over loopback, sockets as node:net gives them beside those
// of the real network. Writes bench/results/network.json. Run: npm run bench -- network
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { arch, cpus, loadavg, platform } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import type { Connection, ConnectionEvents } from '../src/network/network.ts'
import { REAL_NETWORK } from '../src/network/real-network.ts'
import { VirtualNetwork } from '../src/network/virtual-network.ts'
import { createVirtualRuntime } from '../src/runtime/virtual-runtime.ts'
import { DEFAULT_NETWORK, NetworkDelays } from '../src/targets/engine/network-model.ts'
import { TravelLine } from '../src/targets/engine/travel-line.ts'

const CALLS = 10_000
const REAL_CALLS = 2_000
const QUESTION = Buffer.alloc(40, 'q')
const ANSWER = Buffer.alloc(110, 'a')

/** Makes so many calls, so many at once on each connection; each answer asks the next question. */
async function overNetwork(connections: number, depth: number): Promise<void> {
  const runtime = createVirtualRuntime({ seed: 1 })
  const network = new VirtualNetwork({ runtime })
  const silent = { ended() {}, closed() {} }
  const accept = (connection: Connection): ConnectionEvents => ({
    ...silent,
    quiet: true,
    data: (chunk) => {
      for (let n = 0; n < chunk.length; n += QUESTION.length) connection.write(ANSWER)
    },
  })
  await runtime.run('calls', (task) =>
    task.wait<void>('all answers', (settle) => {
      let asked = 0
      let answered = 0
      const dial = (): void => {
        const ask = (): void => {
          if (asked++ < CALLS) connection.write(QUESTION)
        }
        const connection = network.host('client').dial(
          { host: 'server', port: 1 },
          {
            ...silent,
            quiet: true,
            connected: () => {
              for (let n = 0; n < depth; n++) ask()
            },
            data: () => {
              if (++answered === CALLS) settle()
              else ask()
            },
          },
        )
      }
      network.host('server').listen({ host: 'server', port: 1 }, accept, () => {
        for (let n = 0; n < connections; n++) dial()
      })
    }),
  )
}

async function overTravelLines(connections: number, depth: number): Promise<void> {
  const runtime = createVirtualRuntime({ seed: 1 })
  const delays = new NetworkDelays(DEFAULT_NETWORK, runtime.chance.stream('network'))
  await runtime.run('calls', (task) =>
    task.wait<void>('all answers', (settle) => {
      let asked = 0
      let answered = 0
      for (let n = 0; n < connections; n++) {
        let command = 0
        const there = new TravelLine<number>(runtime, (delay) => back.send(0, delay), true)
        const back = new TravelLine<number>(
          runtime,
          () => {
            if (++answered === CALLS) settle()
            else ask()
          },
          true,
        )
        const ask = (): void => {
          if (asked++ >= CALLS) return
          delays.draw(n, command++)
          there.send(delays.replyNanos, delays.requestNanos)
        }
        for (let m = 0; m < depth; m++) ask()
      }
    }),
  )
}

/** One connection, one call at a time: the server's reading is what differs. */
function overLoopback(port: number): Promise<void> {
  return new Promise((resolve) => {
    let left = REAL_CALLS
    const connection = REAL_NETWORK.dial(
      { host: '127.0.0.1', port },
      {
        connected: () => connection.write(QUESTION),
        data: () => {
          if (--left > 0) connection.write(QUESTION)
          else connection.destroy()
        },
        ended() {},
        closed: () => resolve(),
      },
    )
  })
}

const bench = new Bench({ name: 'network', time: 2_000, warmupTime: 500 })
const cases = [
  { connections: 50, depth: 1 },
  { connections: 1, depth: 1 },
  { connections: 1, depth: 16 },
]
for (const { connections, depth } of cases) {
  const shown = `${connections} x ${depth}`
  bench.add(`virtual network, ${shown}`, () => overNetwork(connections, depth))
  bench.add(`travel lines, ${shown}`, () => overTravelLines(connections, depth))
}

const plain = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(ANSWER))
  socket.on('error', () => {})
})
await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
const plainPort = (plain.address() as { port: number }).port
const real = await new Promise<number>((resolve) => {
  REAL_NETWORK.listen(
    { host: '127.0.0.1', port: 0 },
    (connection) => ({ data: () => connection.write(ANSWER), ended: () => connection.end(), closed() {} }),
    (result) => {
      if (result.why !== undefined) throw new Error(result.message)
      resolve((result.address as { port: number }).port)
    },
  )
})
bench.add('loopback, sockets of node:net', () => overLoopback(plainPort))
bench.add('loopback, real network', () => overLoopback(real))

await bench.run()
const nanosPerCall: Record<string, { minNanos: number; medianNanos: number }> = {}
for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
  const calls = name.startsWith('loopback') ? REAL_CALLS : CALLS
  const perCall = (millis: number): number => Math.round((millis * 1e6) / calls)
  nanosPerCall[name] = { minNanos: perCall(result.latency.min), medianNanos: perCall(result.latency.p50) }
}
console.table(nanosPerCall)
const folder = fileURLToPath(new URL('../../bench/results', import.meta.url))
mkdirSync(folder, { recursive: true })
const machine = `${platform()} ${arch()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`
const date = new Date().toISOString().slice(0, 10)
const loadAverage = Math.round(loadavg()[0]! * 10) / 10
writeFileSync(`${folder}/network.json`, `${JSON.stringify({ date, machine, loadAverage, node: process.version, nanosPerCall }, undefined, 2)}\n`)
process.exit()
