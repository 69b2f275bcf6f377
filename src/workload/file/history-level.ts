import type { HistoryLevel } from '../workload.ts'

export const HISTORY_LEVEL_WORDS = 'full, off or keys:1/N'

/** `full`, `off`, `keys:1/100`; undefined when it is none of them. */
export function parseHistoryLevel(given: unknown): HistoryLevel | undefined {
  if (given === 'full') return { kind: 'full' }
  // YAML 1.1 readers make `off` a boolean; people's editors may have, too.
  if (given === 'off' || given === false) return { kind: 'off' }
  const match = typeof given === 'string' ? /^keys:\s*1\/([1-9][0-9]{0,8})$/.exec(given) : null
  return match ? { kind: 'sample', oneIn: Number(match[1]) } : undefined
}
