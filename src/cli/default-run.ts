import type { Workload } from '../workload/workload.ts'

/** What `cacheproof run` runs when it is told nothing: the strategies over rows, sessions, a leaderboard, and what kills them. */
export const DEFAULT_WORKLOADS = [
  'cache-aside',
  'cache-aside-ttl-alone',
  'write-through',
  'cache-aside-write-through-ttl',
  'session-store',
  'restart-without-persistence',
  'cache-loss',
  'leaderboard',
] as const

/** One of each family: what a machine without any server can show. */
export const DEFAULT_TARGETS = ['engine:valkey', 'engine:memcached'] as const

/** The first command: on virtual time, as much as half a minute on two cores holds. */
export const DEFAULT_RUN = {
  /** Of the strategies; what the exact test of a zero side needs, and one more. */
  blocks: 10,
  /** Of cells with faults, and of cells beside them that say no more with more. */
  faultBlocks: 6,
  /** A p99 rests on 10,000 reads: that of all blocks together is drawn, and no block has one by itself. */
  durationSeconds: 6,
  /** `--long`: so many times the operations. */
  longer: 10,
  figures: ['database_reads', 'stale_ratio', 'lost', 'read.p99', 'memory'],
} as const

/** Strategies over rows differ by strategy and hardly by engine on one model of a network: the second engine gives way. */
export function fitsDefaultRun(workload: Workload, targetUrl: string): boolean {
  return targetUrl === DEFAULT_TARGETS[0] || workload.pattern === 'session-store'
}

export const GAVE_WAY =
  'So that this takes half a minute, the strategies over rows run on engine:valkey alone, read p99 is drawn without a word, and what is killed, and what runs beside that without a fault, runs in 6 of the 10 blocks; cacheproof run --long leaves nothing out and measures ten times as long.'
