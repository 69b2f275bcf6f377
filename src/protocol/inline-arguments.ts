/**
 * Splits an inline command into its words as `sdssplitargs` of redis-server does: blanks separate, "..." knows
 * \n \r \t \b \a, \xHH and backslash-any, '...' knows \' only, and a closing quote must be followed by a blank or
 * the end. Undefined: the quotes are unbalanced. A NUL byte ends the line, as it ends a C string.
 */
export function splitInlineArguments(line: Uint8Array): Buffer[] | undefined {
  const words: Buffer[] = []
  const end = line.indexOf(0) < 0 ? line.length : line.indexOf(0)
  let at = 0
  for (;;) {
    while (at < end && isSpace(line[at]!)) at++
    if (at >= end) return words
    const word: number[] = []
    let quote = 0
    for (;;) {
      const byte = at < end ? line[at]! : 0
      if (quote !== 0) {
        if (at >= end) return undefined
        if (byte === quote) {
          if (at + 1 < end && !isSpace(line[at + 1]!)) return undefined
          at++
          break
        }
        if (byte === BACKSLASH && quote === DOUBLE) at = readEscape(line, at, end, word)
        else if (byte === BACKSLASH && line[at + 1] === SINGLE && at + 1 < end) {
          word.push(SINGLE)
          at += 2
        } else {
          word.push(byte)
          at++
        }
      } else {
        if (at >= end || byte === 32 || byte === 10 || byte === 13 || byte === 9) break
        if (byte === DOUBLE || byte === SINGLE) quote = byte
        else word.push(byte)
        at++
      }
    }
    words.push(Buffer.from(word))
  }
}

const DOUBLE = 34
const SINGLE = 39
const BACKSLASH = 92
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, a: 7 }

/** Reads the escape at `at`, pushes what it stands for, returns where to go on. */
function readEscape(line: Uint8Array, at: number, end: number, word: number[]): number {
  if (at + 3 < end && line[at + 1] === 120) {
    const high = hex(line[at + 2]!)
    const low = hex(line[at + 3]!)
    if (high >= 0 && low >= 0) {
      word.push(high * 16 + low)
      return at + 4
    }
  }
  if (at + 1 >= end) {
    word.push(BACKSLASH)
    return at + 1
  }
  const next = line[at + 1]!
  word.push(ESCAPES[String.fromCharCode(next)] ?? next)
  return at + 2
}

function hex(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** C's isspace: blank, \t \n \v \f \r. */
function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13)
}
