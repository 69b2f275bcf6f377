import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FAULTS } from '../../src/chaos/registry.ts'
import { run as runWorkloads } from '../../src/run/run.ts'
import { parseWorkload } from '../../src/workload/file/parse-workload.ts'
import { PROGRAMS } from '../../src/workload/patterns/registry.ts'

const TEN_MINUTES = `
name: ten-minutes
pattern: cache-aside
keys: { count: 10k }
load: { open: { rate: 1000/s } }
phases: [ { steady: 600s } ]
baseline: false
`
const LIMIT_SECONDS = 15

/** The bar: ten simulated minutes of cache-aside at 1,000 requests/s, history and verdicts included, in under 15 s. */
export async function run({ seed = 7, progress }: { seed?: number; progress: (state: unknown, line?: string) => void }) {
  const parsed = parseWorkload(TEN_MINUTES, 'ten-minutes', { patterns: PROGRAMS, faults: FAULTS })
  if (!parsed.ok) throw new Error('the workload of this bar does not parse')
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-speed-'))
  const cpuBefore = process.cpuUsage()
  const began = process.hrtime.bigint()
  const { result } = await runWorkloads({
    name: 'ten-minutes',
    workloads: [parsed.workload],
    targets: ['engine:redis'],
    clients: ['wire'],
    seed,
    blocks: 1,
    virtual: true,
    folder,
    command: 'npm run long -- virtual-speed',
    env: {},
    signal: new AbortController().signal,
    observer: {},
    faultsAllowed: false,
  })
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  const cpu = process.cpuUsage(cpuBefore)
  rmSync(folder, { recursive: true, force: true })
  const [cell] = result.cells
  const operations = cell!.classes.filter(({ layer }) => layer === 'app').reduce((sum, one) => sum + one.ok, 0)
  progress(
    {},
    `${operations} operations, ${cell!.history.rows} rows in ${seconds.toFixed(1)} s (${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of processor time)`,
  )
  return {
    ok: seconds < LIMIT_SECONDS,
    seconds,
    limitSeconds: LIMIT_SECONDS,
    processorSeconds: (cpu.user + cpu.system) / 1e6,
    operations,
    rows: cell!.history.rows,
    simulatedSecondsPerSecond: 600 / seconds,
    historyHash: cell!.history.hash,
  }
}
