import type { HistoryColumns } from './history.ts'
import { HistoryBuffer } from './history-buffer.ts'
import { columnSpecs, HISTORY_COLUMNS, type HistoryColumnName } from './history-columns.ts'
import { ROW_KINDS, type RowKind } from './history-order.ts'
import type { HistorySource } from './history-source.ts'
import type { HistoryStrand, StrandReader } from './history-strand.ts'
import { isOneStretch, type Placing, placeCodes, placeRows } from './place-rows.ts'
import { StrandWindow } from './strand-window.ts'
import { TextDictionary } from './text-dictionary.ts'

/**
 * The history that strands make together: the same rows in the same order as `concatHistories` of their pieces, one strand
 * behind the other. Read in chunks of `chunkRows` rows (the last may have fewer). Holds a few pieces of each strand, however
 * long they are, as long as rows were recorded nearly in order.
 */
export function mergeStrands(strands: readonly HistoryStrand[], chunkRows: number): HistorySource {
  const texts = joinTexts(strands)
  let length = 0
  for (const { pieces } of strands) for (const { rows } of pieces) length += rows
  return {
    length,
    async read(visit, names) {
      const columns = columnSpecs(names).map(({ name }) => name)
      const merge = new Merge(columns, texts, Math.min(chunkRows, length), visit)
      const readers: StrandReader[] = []
      try {
        for (const strand of strands) readers.push(strand.open())
        for (const kind of ROW_KINDS) merge.all(kind, strands, readers)
        merge.end()
      } finally {
        for (const reader of readers) reader.close()
      }
    },
  }
}

/** Of each column the texts of all strands together, and what becomes of each strand's codes. */
interface JoinedTexts {
  readonly dictionaries: ReadonlyMap<HistoryColumnName, readonly string[]>
  readonly recoded: readonly ReadonlyMap<HistoryColumnName, Uint16Array>[]
}

function joinTexts(strands: readonly HistoryStrand[]): JoinedTexts {
  const dictionaries = new Map<HistoryColumnName, readonly string[]>()
  const recoded = strands.map(() => new Map<HistoryColumnName, Uint16Array>())
  for (const { name, type } of HISTORY_COLUMNS) {
    if (type !== 'text') continue
    const joined = new TextDictionary()
    for (const [at, strand] of strands.entries()) {
      // Texts of a lost segment leave holes, which no code points to.
      recoded[at]!.set(
        name,
        Uint16Array.from(strand.dictionary(name), (text: string | undefined) => (text === undefined ? 0 : joined.code(text))),
      )
    }
    dictionaries.set(name, joined.entries)
  }
  return { dictionaries, recoded }
}

/** One reading of all strands. */
class Merge {
  readonly #columns: readonly HistoryColumnName[]
  readonly #texts: JoinedTexts
  readonly #visit: (rows: HistoryColumns) => void
  readonly #chunk: HistoryBuffer
  #filled = 0
  #sources: ChunkPart[] = []
  /** Places in `#sources`; -1 for none. */
  #first = -1
  #second = -1

  constructor(columns: readonly HistoryColumnName[], texts: JoinedTexts, chunkRows: number, visit: (rows: HistoryColumns) => void) {
    this.#columns = columns
    this.#texts = texts
    this.#visit = visit
    this.#chunk = new HistoryBuffer(chunkRows, columns)
  }

  /** Puts all rows of a kind behind what there is. */
  all(kind: RowKind, strands: readonly HistoryStrand[], readers: readonly StrandReader[]): void {
    this.#sources = strands.flatMap((strand, at) =>
      (['onTime', 'late'] as const)
        .filter((which) => strand.pieces.some((piece) => piece[kind][which] > 0))
        .map((which) => {
          const window: StrandWindow = new StrandWindow({
            ...{ strand, kind, which, columns: this.#columns, reader: readers[at]! },
            beforeMoving: () => part.copy(),
          })
          const part = new ChunkPart(window, this.#chunk, this.#texts.recoded[at]!)
          return part
        }),
    )
    while (this.#findFirst()) this.#takeFirst()
    for (const part of this.#sources) part.copy()
  }

  end(): void {
    if (this.#filled > 0) this.#handOver()
  }

  /** Finds whose row is the next (of equals the first strand's) and who comes after. False when all are through. */
  #findFirst(): boolean {
    let first = -1
    let second = -1
    for (let at = 0; at < this.#sources.length; at++) {
      const { window } = this.#sources[at]!
      if (!window.ready()) continue
      if (first < 0 || window.compare(this.#sources[first]!.window) < 0) {
        second = first
        first = at
      } else if (second < 0 || window.compare(this.#sources[second]!.window) < 0) second = at
    }
    this.#first = first
    this.#second = second
    return first >= 0
  }

  /** Takes rows of the first until the second has the next. */
  #takeFirst(): void {
    const part = this.#sources[this.#first]!
    const { window } = part
    const other = this.#sources[this.#second]?.window
    const winsTies = this.#first < this.#second
    let order = -1
    do {
      part.put(window.row, this.#filled++)
      window.advance()
      if (this.#filled === this.#chunk.capacity) this.#handOver()
      if (!window.ready()) return
      if (other) order = window.compare(other)
    } while (order < 0 || (order === 0 && winsTies))
  }

  #handOver(): void {
    for (const part of this.#sources) part.copy()
    this.#visit(this.#chunk.view(this.#filled, (name) => this.#texts.dictionaries.get(name)!))
    this.#filled = 0
  }
}

/** Rows of one window that have their place in the chunk. They are copied together: column by column, and not row by row. */
class ChunkPart implements Placing {
  readonly window: StrandWindow
  readonly rows: Uint32Array
  readonly places: Uint32Array
  count = 0
  readonly #chunk: HistoryBuffer
  readonly #recoded: ReadonlyMap<HistoryColumnName, Uint16Array>

  constructor(window: StrandWindow, chunk: HistoryBuffer, recoded: ReadonlyMap<HistoryColumnName, Uint16Array>) {
    this.window = window
    this.#chunk = chunk
    this.#recoded = recoded
    this.rows = new Uint32Array(chunk.capacity)
    this.places = new Uint32Array(chunk.capacity)
  }

  put(row: number, place: number): void {
    this.rows[this.count] = row
    this.places[this.count++] = place
  }

  /** Copies what was put since the last copy. */
  copy(): void {
    if (this.count === 0) return
    const stretch = isOneStretch(this)
    const from = this.rows[0]!
    for (const { name } of this.#chunk.specs) {
      const numbers = this.window.buffer.numbers(name)!
      const chunk = this.#chunk.numbers(name)!
      const codes = this.#recoded.get(name)
      if (codes) placeCodes(numbers, chunk, this, codes)
      else if (stretch) chunk.set(numbers.subarray(from, from + this.count), this.places[0]!)
      else placeRows(numbers, chunk, this)
    }
    this.count = 0
  }
}
