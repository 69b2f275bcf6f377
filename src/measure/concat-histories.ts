import { gather } from './gather.ts'
import type { HistoryColumns } from './history.ts'
import { allocateNumbers, assembleHistory, dictionaryOf, numbersOf } from './history-columns.ts'
import { begunNanos } from './history-order.ts'
import { sortedOrder } from './sorted-order.ts'
import { TextDictionary } from './text-dictionary.ts'

/**
 * One history, in memory, from the parts that several instances (or segments) wrote, in its order (`history-order.ts`):
 * the same however the instances' parts are ordered. The parts stay as they are; a single one that is in order already is
 * returned itself. Parts that are large and on disk are merged (`merge-strands.ts`).
 */
export function concatHistories(parts: readonly HistoryColumns[]): HistoryColumns {
  let length = 0
  for (const part of parts) length += part.length

  // One part is not copied: most histories are one part in order, and large.
  const joined = parts.length === 1 ? parts[0]! : assembleJoined(parts, length)
  const { done, sent, due, instance } = joined
  const order = sortedOrder(length, (a, b) => {
    const doneA = done[a]!
    const doneB = done[b]!
    if (doneA !== doneB) {
      if (doneA < 0) return 1
      if (doneB < 0) return -1
      return doneA - doneB
    }
    const begun = doneA < 0 ? begunNanos(sent[a]!, due[a]!) - begunNanos(sent[b]!, due[b]!) : 0
    if (begun !== 0) return begun
    return instance[a]! - instance[b]!
  })
  return order === undefined ? joined : reorder(joined, order)
}

function assembleJoined(parts: readonly HistoryColumns[], length: number): HistoryColumns {
  const dictionaries = new Map<string, TextDictionary>()
  return assembleHistory(
    length,
    ({ name, type }) => {
      const joined = allocateNumbers(type, length)
      const dictionary = new TextDictionary()
      dictionaries.set(name, dictionary)
      let at = 0
      for (const part of parts) {
        const numbers = numbersOf(part, name)
        const texts = dictionaryOf(part, name)
        if (texts === undefined) {
          joined.set(numbers.subarray(0, part.length), at)
        } else {
          const recoded = Uint16Array.from(texts.map((text) => dictionary.code(text)))
          recode(numbers as Uint16Array, joined.subarray(at, at + part.length) as Uint16Array, recoded)
        }
        at += part.length
      }
      return joined
    },
    ({ name }) => dictionaries.get(name)?.entries ?? [],
  )
}

function recode(from: Uint16Array, to: Uint16Array, recoded: Uint16Array): void {
  for (let row = 0; row < to.length; row++) to[row] = recoded[from[row]!]!
}

function reorder(columns: HistoryColumns, order: Uint32Array): HistoryColumns {
  return assembleHistory(
    columns.length,
    ({ name, type }) => {
      const from = numbersOf(columns, name)
      const to = allocateNumbers(type, columns.length)
      gather(from, to, order)
      return to
    },
    ({ name }) => dictionaryOf(columns, name) ?? [],
  )
}
