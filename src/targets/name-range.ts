/** Names of keys that were or may have been stored: the stem and each number from 0 below the count. */
export interface NameRange {
  readonly stem: string
  readonly count: number
}

/** In pieces of at most `size`. */
export function* namesInPieces(ranges: readonly NameRange[], size: number): Iterable<readonly string[]> {
  let piece: string[] = []
  for (const { stem, count } of ranges) {
    for (let number = 0; number < count; number++) {
      piece.push(`${stem}${number}`)
      if (piece.length < size) continue
      yield piece
      piece = []
    }
  }
  if (piece.length > 0) yield piece
}
