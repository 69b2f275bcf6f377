// Our wire client beside ioredis against one local redis-server, closed loop over one connection with 1, 16 and 64
// commands under way: operations a second, and processor time of this process per operation (the steadier number on
// a busy machine). ioredis runs as its users run it at its best: with and without auto-pipelining, the better counts.
// Writes bench/results/wire.json. Run: npm run bench -- wire
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { arch, cpus, loadavg, platform } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { createSingleNodeRouting } from '../src/client/routing/single-node-routing.ts'
import { WireClient } from '../src/client/wire/wire-client.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { SECOND } from '../src/runtime/runtime.ts'

const DEPTHS = [1, 16, 64]
const ROUNDS = 5
const ROUND_MILLIS = 400
const KEYS = Array.from({ length: 1_000 }, (_, n) => `user:${n}`)
const VALUE = 'v'.repeat(100)

/** Keeps `depth` commands under way: issues the next one when one is done. */
type Issue = (key: string, done: () => void) => void

interface Contender {
  readonly name: string
  readonly issue: Issue
  close(): unknown
}

const port = await freePort()
const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' })
try {
  await measure(server)
} finally {
  server.kill('SIGKILL')
}

async function measure(child: ChildProcess): Promise<void> {
  const contenders = [await wire(), ioredis('ioredis', false), ioredis('ioredis, auto-pipelining', true)]
  const rows: Record<string, { opsPerSecond: number; microsPerOp: number }> = {}
  const ratios: Record<string, { throughput: number; processorTime: number }> = {}
  for (const depth of DEPTHS) {
    const samples = new Map(contenders.map(({ name }) => [name, [] as { ops: number; micros: number }[]]))
    for (const { issue } of contenders) await round(issue, depth, ROUND_MILLIS / 2)
    for (let n = 0; n < ROUNDS; n++) for (const { name, issue } of contenders) samples.get(name)!.push(await round(issue, depth, ROUND_MILLIS))
    const medians = contenders.map(({ name }) => {
      const of = samples.get(name)!
      return { name, ops: median(of.map((sample) => sample.ops)), micros: median(of.map((sample) => sample.micros)) }
    })
    for (const { name, ops, micros } of medians)
      rows[`${name}, ${depth} under way`] = { opsPerSecond: Math.round(ops), microsPerOp: Math.round(micros * 100) / 100 }
    const [ours, ...others] = medians
    ratios[`${depth} under way`] = {
      throughput: Math.round((ours!.ops / Math.max(...others.map((other) => other.ops))) * 100) / 100,
      processorTime: Math.round((Math.min(...others.map((other) => other.micros)) / ours!.micros) * 100) / 100,
    }
  }
  for (const contender of contenders) await contender.close()
  console.table(rows)
  console.log('ours against the better ioredis (above 1 = ours is better)')
  console.table(ratios)
  const folder = fileURLToPath(new URL('../../bench/results', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const machine = `${platform()} ${arch()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(
    `${folder}/wire.json`,
    `${JSON.stringify({ date, machine, loadAverage: Math.round(loadavg()[0]! * 10) / 10, node: process.version, server: child.spawnfile, results: rows, ratios }, undefined, 2)}\n`,
  )
}

async function wire(): Promise<Contender> {
  const runtime = createRealRuntime({ seed: 1 })
  for (let attempt = 0; ; attempt++) {
    try {
      const routing = createSingleNodeRouting({ host: '127.0.0.1', port })
      const client = await WireClient.open({ runtime, family: 'redis', routing, client: { deadlineNanos: SECOND, connections: 1, id: 1 } })
      await new Promise<void>((resolve) => {
        let left = KEYS.length
        const sink = { reply: () => --left === 0 && resolve(), failed: crash }
        for (const key of KEYS) client.submit(['SET', key, VALUE], 0, sink)
      })
      let next: (() => void)[] = []
      const sink = { reply: (token: number) => next[token]!(), failed: crash }
      let tokens = 0
      return {
        name: 'wire',
        issue: (key, done) => {
          if (tokens === 64) tokens = 0
          next[tokens] = done
          client.submit(['GET', key], tokens++, sink)
        },
        close: async () => {
          next = []
          await client.close()
          runtime.close()
        },
      }
    } catch (error) {
      if (attempt > 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function ioredis(name: string, enableAutoPipelining: boolean): Contender {
  const redis = new Redis({ host: '127.0.0.1', port, enableAutoPipelining })
  return {
    name,
    issue: (key, done) => {
      redis.getBuffer(key, (error) => {
        if (error) throw error
        done()
      })
    },
    close: () => redis.disconnect(),
  }
}

function round(issue: Issue, depth: number, millis: number): Promise<{ ops: number; micros: number }> {
  return new Promise((resolve) => {
    const began = process.hrtime.bigint()
    const cpu = process.cpuUsage()
    const until = began + BigInt(millis) * 1_000_000n
    let done = 0
    let underWay = depth
    const one = (): void => {
      done++
      // The clock is read now and then only, so that reading it is not what is measured.
      if ((done & 63) === 0 && process.hrtime.bigint() >= until) stopping = true
      if (!stopping) issue(KEYS[done % KEYS.length]!, one)
      else if (--underWay === 0) {
        const nanos = Number(process.hrtime.bigint() - began)
        const { user, system } = process.cpuUsage(cpu)
        resolve({ ops: (done * 1e9) / nanos, micros: (user + system) / done })
      }
    }
    let stopping = false
    for (let n = 0; n < depth; n++) issue(KEYS[n]!, one)
  })
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port: found } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return found
}

function crash(_token: number, failure: { message: string }): never {
  throw new Error(failure.message)
}
