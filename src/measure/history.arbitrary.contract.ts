import fc from 'fast-check'
import type { HistoryColumns, HistoryRow } from './history.ts'
import { LAYERS, STATUSES } from './history.ts'
import { HistoryBuilder } from './history-builder.ts'

const word = fc.constantFrom('', 'read', 'write', 'get', 'OOM', 'größer', 'a\nb')
const number = fc.oneof(
  fc.constant(Number.NaN),
  fc.nat(),
  fc.double({ noDefaultInfinity: true }).map((value) => value + 0),
)
const time = fc.oneof(fc.nat({ max: 1_000_000 }), fc.maxSafeNat())

/** Any row a recorder could append: ids and times to the edge of their columns, awkward texts. For tests (so not part of the build). */
export const rowArbitrary: fc.Arbitrary<HistoryRow> = fc.record({
  op: fc.maxSafeNat(),
  parent: fc.oneof(fc.constant(-1), fc.maxSafeNat()),
  layer: fc.constantFrom(...LAYERS),
  instance: fc.nat({ max: 3 }),
  client: fc.nat({ max: 0xffffffff }),
  key: fc.integer({ min: -1, max: 0x7fffffff }),
  fn: word,
  outcome: word,
  arg: number,
  ret: number,
  writer: fc.integer({ min: -1, max: 0x7fffffff }),
  due: time,
  sent: fc.oneof(fc.constant(-1), time),
  done: fc.oneof(fc.constant(-1), time),
  status: fc.constantFrom(...STATUSES),
  error: word,
  node: word,
  attempts: fc.nat({ max: 0xffff }),
  bytesOut: fc.nat({ max: 0xffffffff }),
  bytesIn: fc.nat({ max: 0xffffffff }),
  phase: word,
  block: fc.nat({ max: 0xffff }),
})

/** A short history of such rows, in the order they were appended. */
export const historyArbitrary: fc.Arbitrary<HistoryColumns> = fc.array(rowArbitrary, { maxLength: 40 }).map((rows) => {
  const builder = new HistoryBuilder(1)
  for (const row of rows) builder.append(row)
  return builder.view()
})
