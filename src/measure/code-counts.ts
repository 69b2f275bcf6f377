import { OTHER_TEXT } from './text-dictionary.ts'

/** More different codes than this are counted together as `OTHER_TEXT`: they come from servers, which may send anything. */
export const MAX_CODES = 64

/** How often each failure code was seen. */
export type CodeCounts = Map<string, number>

export function countCode(counts: CodeCounts, code: string, times = 1): void {
  const seen = counts.get(code)
  if (seen !== undefined) counts.set(code, seen + times)
  else if (counts.size < MAX_CODES - 1 || code === OTHER_TEXT) counts.set(code, times)
  else countCode(counts, OTHER_TEXT, times)
}

/** As run.json keeps them, by code. */
export function codeRecord(counts: CodeCounts): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
