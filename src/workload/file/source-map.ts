import { type Document, isMap, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml'
import { redact } from './redact.ts'

/** Where something stands in the text. Offsets from 0, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Finds the place in the YAML text that a path of the parsed value came from. */
export class SourceMap {
  readonly #text: string
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(text: string, document: Document, lines: LineCounter) {
    this.#text = text
    this.#document = document
    this.#lines = lines
  }

  /** The value at the path, or the nearest thing above it that exists: a missing key is reported at its mapping. */
  value(path: readonly PropertyKey[]): Span {
    const { node, key, found } = this.#walk(path)
    return found || !isMap(node) ? span(node ?? key) : span(key ?? node)
  }

  /** The path without what a shorthand stands for: `size: 400` is reported as values.size, not as values.size.fixed. */
  written(path: readonly PropertyKey[]): readonly PropertyKey[] {
    const { node, found, depth } = this.#walk(path)
    return found || isMap(node) || isSeq(node) ? path : path.slice(0, depth)
  }

  /** The last key of the path itself. */
  key(path: readonly PropertyKey[]): Span {
    const { node, key, found } = this.#walk(path)
    return span((found ? key : undefined) ?? key ?? node)
  }

  /** The characters of a scalar's own text: inside its quotes. */
  inside(path: readonly PropertyKey[], offset: number, length: number): Span {
    const { node } = this.#walk(path)
    const whole = span(node)
    const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
    if (isScalar(node) && !quoted && node.type !== 'PLAIN') return whole
    const start = Math.min(whole.end, whole.start + (quoted ? 1 : 0) + offset)
    return { start, end: Math.min(whole.end, start + length) }
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(Math.min(offset, this.#text.length))
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }

  /** The line with a caret under the span. Long lines are cut around it, tabs become blanks, secrets are taken out. */
  frame(place: Span): readonly string[] {
    return codeFrame(this.#text, this.#lines, place)
  }

  #walk(path: readonly PropertyKey[]): { node: Node | null; key: Node | undefined; found: boolean; depth: number } {
    let node = this.#resolve(this.#document.contents as Node | null)
    let key: Node | undefined
    let depth = 0
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => keyText(item) === String(step))
        if (!pair) return { node, key, found: false, depth }
        key = pair.key as Node
        node = this.#resolve(pair.value as Node | null)
      } else if (isSeq(node)) {
        const item = node.items[Number(step)] as Node | Pair | undefined
        if (item === undefined || isPair(item)) return { node, key, found: false, depth }
        node = this.#resolve(item)
        key = undefined
      } else return { node, key, found: false, depth }
      depth++
    }
    return { node, key, found: true, depth }
  }

  #resolve(node: Node | null): Node | null {
    return node !== null && 'resolve' in node && typeof node.resolve === 'function' ? (node.resolve(this.#document) ?? node) : node
  }
}

export function codeFrame(text: string, lines: LineCounter, place: Span): readonly string[] {
  const { line, col } = lines.linePos(Math.min(place.start, text.length))
  if (line < 1) return []
  const lineStart = lines.lineStarts[line - 1] ?? 0
  let lineEnd = text.indexOf('\n', lineStart)
  if (lineEnd < 0) lineEnd = text.length
  const whole = text.slice(lineStart, lineEnd).replace(/\r$/, '').replaceAll('\t', ' ')
  // A minified file is one long line: show what is around the place.
  const from = col > 100 ? col - 60 : 0
  const cut = whole.slice(from, from + 140)
  const before = redact(cut.slice(0, col - 1 - from))
  const shown = redact(cut)
  const width = Math.max(1, Math.min(place.end, lineEnd) - place.start)
  const number = String(line)
  // Redacting may have shortened what stands before the caret.
  const caretAt = shown.startsWith(before) ? before.length : col - 1 - from
  const carets = '^'.repeat(Math.min(width, Math.max(1, shown.length - caretAt)))
  return [`${number} | ${shown}`, `${' '.repeat(number.length)} | ${' '.repeat(caretAt)}${carets}`]
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

function span(node: Node | null | undefined): Span {
  const range = node?.range
  return range ? { start: range[0], end: Math.max(range[0], range[1]) } : { start: 0, end: 0 }
}
