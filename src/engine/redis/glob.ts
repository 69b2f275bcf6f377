/**
 * Redis' glob (stringmatchlen in util.c) over latin1 strings: `*`, `?`, `[^a-z]`, `\x`. Without recursion for the
 * common case and with backtracking to the last star only, which is enough for globs and linear in practice.
 */
export function globMatches(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let starAt = -1
  let starText = 0
  for (;;) {
    if (p < pattern.length && pattern[p] === '*') {
      starAt = p++
      starText = t
      continue
    }
    if (t >= text.length) return p >= pattern.length
    const step = p < pattern.length ? matchOne(pattern, p, text.charCodeAt(t)) : -1
    if (step > 0) {
      p = step
      t++
      continue
    }
    if (starAt < 0) return false
    p = starAt + 1
    t = ++starText
    if (t > text.length) return false
  }
}

/** Where the pattern goes on when its element at `p` takes the character, or -1. */
function matchOne(pattern: string, p: number, code: number): number {
  const kind = pattern[p]!
  if (kind === '?') return p + 1
  if (kind === '[') return matchClass(pattern, p, code)
  if (kind === '\\' && p + 1 < pattern.length) return pattern.charCodeAt(p + 1) === code ? p + 2 : -1
  return pattern.charCodeAt(p) === code ? p + 1 : -1
}

/** A class may lack its bracket at the end of the pattern; `]` first closes it. */
function matchClass(pattern: string, open: number, code: number): number {
  let p = open + 1
  const negated = pattern[p] === '^'
  if (negated) p++
  let found = false
  for (;;) {
    if (pattern[p] === '\\' && p + 1 < pattern.length) {
      p++
      if (pattern.charCodeAt(p) === code) found = true
    } else if (pattern[p] === ']') break
    else if (p >= pattern.length) {
      p--
      break
    } else if (pattern[p + 1] === '-' && p + 2 < pattern.length) {
      const a = pattern.charCodeAt(p)
      const b = pattern.charCodeAt(p + 2)
      p += 2
      if (code >= Math.min(a, b) && code <= Math.max(a, b)) found = true
    } else if (pattern.charCodeAt(p) === code) found = true
    p++
  }
  return found !== negated ? p + 1 : -1
}
