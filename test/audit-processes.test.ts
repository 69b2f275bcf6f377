// needs: redis-server

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProcessAudit, RunResult } from '../src/measure/run-result.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'
import { RespProbe } from '../src/targets/probe/resp-probe.ts'
import { startCli } from './support/cli.ts'
import { freezeProcess } from './support/freeze-process.ts'

/** Who stood still is told: each process of the run by its own clock, and a server that stood still is not booked to them. */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-audit-'))
let runs = 0
let out: string
let redis: LocalServer

beforeAll(async () => {
  redis = await startLocalServer({ kind: 'redis' })
})
beforeEach(() => {
  out = join(folder, `run-${runs++}`)
})
afterAll(async () => {
  await redis.stop()
  rmSync(folder, { recursive: true })
})

/** Stopped for so long, of a load of `LOAD_SECONDS`. */
const STOP_MILLIS = 2_500
const LOAD_SECONDS = 5

async function runWith(
  lines: readonly string[],
  meanwhile: (pids: { readonly run: number; readonly instances: readonly number[] }) => Promise<void>,
) {
  const file = join(folder, `workload-${runs}.yaml`)
  writeFileSync(file, ['name: audited', 'keys: { count: 100 }', `phases: [ { steady: ${LOAD_SECONDS}s } ]`, 'baseline: false', ...lines].join('\n'))
  await ask('FLUSHALL')
  const { child, ended } = startCli(['run', file, '--target', `redis://127.0.0.1:${redis.port}`, '--seed', '3', '--out', out])
  do await pause(20)
  while (Number(await ask('DBSIZE')) < 20)
  // The load is under way for certain.
  await pause(700)
  await meanwhile({ run: child.pid!, instances: instancesOf(child.pid!) })
  const outcome = await ended
  const result = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunResult
  return { outcome, result, audit: result.cells[0]!.audit, lamp: outcome.stdout.split('\n\n')[0]!.replaceAll(/\n\s*/g, ' ') }
}

async function stop(pids: readonly number[], millis = STOP_MILLIS): Promise<void> {
  for (const pid of pids) freezeProcess(pid)
  await pause(millis)
  for (const pid of pids) process.kill(pid, 'SIGCONT')
}

const THREE = ['pattern: session-store', 'load: { open: { rate: 300/s, connections: 7 } }', 'instances: 3']
const gapSeconds = ({ longestGapNanos }: ProcessAudit) => longestGapNanos / 1e9
const processOf = (processes: readonly ProcessAudit[] | undefined, instance: number | undefined) =>
  processes!.find((one) => one.instance === instance)!

describe('a process that is stopped for half of the run', () => {
  it('one of three instances: it is named, and what it says of itself stands beside the others', async () => {
    const { outcome, audit, result } = await runWith(THREE, ({ instances }) => stop([instances[1]!]))
    expect(result.cells[0]!.connections).toBe(7)
    expect(outcome.stdout).not.toContain('Measured soundly')
    expect(audit.generatorLimited).toBe(true)
    expect(audit.reasons[0]).toContain('stood still')
    expect(audit.reasons[0]).toContain('instance 1')
    expect(audit.processes!.map(({ instance }) => instance)).toEqual([undefined, 0, 1, 2])
    expect(gapSeconds(processOf(audit.processes, 1))).toBeGreaterThan(2)
    expect(gapSeconds(processOf(audit.processes, 0))).toBeLessThan(2)
    expect(processOf(audit.processes, 1).worstOwnLagNanos).toBeGreaterThan(2e9)
    // A third of the load was each one's, half of it was due while this one stood still.
    expect(processOf(audit.processes, 1).lateOperations).toBeGreaterThan(100)
  })

  it('all of them: none of it is booked to the server', async () => {
    const { outcome, audit, result } = await runWith(THREE, ({ instances }) => stop(instances))
    expect(outcome.stdout).not.toContain('Measured soundly')
    expect(audit.reasons[0]).toMatch(/^instance \d stood still for .* and so did .*instance \d(,| and).*instance \d/)
    // Nothing is said of the server that rests on how long it took.
    for (const { kind, outcome: word } of result.verdicts.filter(({ sentence }) => /\bp\d\d|latency|response time/i.test(sentence)))
      if (kind !== 'claim') expect(word).toBe('unknown')
  })

  it('one that is never continued: the run tells of it', async () => {
    const { audit } = await runWith(THREE, async ({ instances }) => freezeProcess(instances[2]!))
    expect(audit.reasons.join()).toMatch(/instance 2 stood still|stood still.*instance 2/)
    expect(gapSeconds(processOf(audit.processes, 2))).toBeGreaterThan(2)
  })

  it("the run's own: it makes no load, and what it has to do comes late", async () => {
    const { outcome, audit } = await runWith(THREE, ({ run }) => stop([run]))
    expect(outcome.stdout).not.toContain('Measured soundly')
    expect(audit.reasons.join()).toMatch(/the run's own process stood still|stood still.*the run's own process/)
    expect(gapSeconds(processOf(audit.processes, undefined))).toBeGreaterThan(2)
  })

  it("the run's own that makes the load: behind its schedule, too, however small the limit of operations in flight", async () => {
    const { outcome, audit } = await runWith(['pattern: mix', 'load: { open: { rate: 300/s, max_in_flight: 2 } }'], ({ run }) => stop([run]))
    expect(outcome.stdout).not.toContain('Measured soundly')
    expect(audit.reasons.join()).toMatch(/the load generator stood still for [\d.]+ s.*the load generator was more than 33\.3 ms behind schedule/)
    expect(audit.processes!.map(({ instance }) => instance)).toEqual([0])
  })
})

it('a server that is stopped until the limit of operations in flight is reached is not booked to the generator', async () => {
  const load = ['pattern: mix', 'load: { open: { rate: 300/s, max_in_flight: 100 } }', 'deadline: 10s']
  const { audit } = await runWith(load, () => stop([redis.pid!]))
  const [own] = audit.processes!
  expect(own!.excusedNanos).toBeGreaterThan(1.5e9)
  // A busy machine may add to it; what waited for the server would be more than a third, and for two seconds.
  expect(own!.lateOperations).toBeLessThan(own!.judgedOperations / 5)
  expect(own!.omittedOperations).toBeLessThan(own!.judgedOperations / 20)
  expect(own!.worstOwnLagNanos).toBeLessThan(1e9)
  expect(audit.scheduleLagP99Nanos).toBeGreaterThan(1e9)
})

async function ask(...words: readonly string[]): Promise<unknown> {
  const probe = await RespProbe.open({ host: '127.0.0.1', port: redis.port }, 5_000)
  try {
    return await probe.call(...words)
  } finally {
    probe.close()
  }
}

/** In the order of their numbers, which is that of their beginning. */
function instancesOf(pid: number): readonly number[] {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const processes = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!)
  return processes.filter(([, , parent, args]) => Number(parent) === pid && args!.includes('instance-main')).map(([, own]) => Number(own))
}
