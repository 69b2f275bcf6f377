import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatHistories } from './concat-histories.ts'
import { type DecodedSegments, decodeSegments } from './decode-segments.ts'
import { historyArbitrary, rowArbitrary } from './history.arbitrary.contract.ts'
import type { HistoryRow } from './history.ts'
import { HistoryBuilder } from './history-builder.ts'
import { historyHash } from './history-hash.ts'
import { historyOf, rowAt, rowsOf } from './history-row.ts'
import { hashOfSource } from './history-source.contract.ts'
import { sourceOfColumns } from './history-source.ts'
import { strandOfColumns } from './history-strand.ts'
import { mergeStrands } from './merge-strands.ts'
import { SegmentEncoder } from './segment-encoder.ts'

const SEED = 20261124

/** The segments of a file, one per batch of rows, as a running instance writes them. */
function segmentsOf(batches: readonly (readonly HistoryRow[])[]): Uint8Array[] {
  const builder = new HistoryBuilder(1)
  const encoder = new SegmentEncoder()
  return batches.map((batch) => {
    for (const row of batch) builder.append(row)
    const segment = encoder.encode(builder.view())
    builder.clear()
    return segment
  })
}

const rowsIn = (decoded: DecodedSegments) => decoded.parts.flatMap((part) => rowsOf(part))
const batches = fc.array(fc.array(rowArbitrary, { maxLength: 8 }), { minLength: 1, maxLength: 5 })

describe('segments', () => {
  it('bring back every row, in order', () => {
    fc.assert(
      fc.property(batches, (written) => {
        const decoded = decodeSegments(Buffer.concat(segmentsOf(written)))
        expect(rowsIn(decoded)).toEqual(written.flat())
        expect(decoded).toMatchObject({ torn: 0, rows: written.flat().length })
      }),
      { seed: SEED },
    )
  })

  it('lose only the torn last one, wherever the file was cut', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (written, at) => {
        const segments = segmentsOf(written)
        const file = Buffer.concat(segments)
        const cut = at % (file.length + 1)
        const whole: HistoryRow[] = []
        let end = 0
        let count = 0
        for (const segment of segments) {
          end += segment.length
          if (end > cut) break
          whole.push(...written[count++]!)
        }
        const boundary = segments.slice(0, count).reduce((sum, segment) => sum + segment.length, 0)
        const decoded = decodeSegments(file.subarray(0, cut))
        expect(rowsIn(decoded)).toEqual(whole)
        expect(decoded.torn).toBe(cut === boundary ? 0 : 1)
      }),
      { seed: SEED },
    )
  })

  it('notice any damaged byte, never invent a row and never throw', () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, flip) => {
        const file = Buffer.concat(segmentsOf(written))
        const hit = at % file.length
        file[hit]! ^= flip
        const decoded = decodeSegments(file)
        const read = rowsIn(decoded).map((row) => JSON.stringify(row))
        const real = written.flat().map((row) => JSON.stringify(row))
        // The last four header bytes are padding; damage there changes nothing.
        if (decoded.torn === 0) expect(read).toEqual(real)
        else expect(read.length).toBeLessThanOrEqual(real.length)
        expect(isSubsequence(read, real)).toBe(true)
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  it('survive any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decodeSegments(bytes)
        expect(decoded.rows).toBe(0)
        expect(decoded.torn).toBe(bytes.length === 0 ? 0 : 1)
      }),
      { seed: SEED },
    )
  })

  it('go on after a damaged one in the middle, except where its texts are needed', () => {
    const row = rowAt(historyOf([{ fn: 'get' }]), 0)
    const segments = segmentsOf([[row], [{ ...row, fn: 'set' }], [row], [{ ...row, fn: 'set' }], [row]])
    segments[1]![40]! ^= 1
    const decoded = decodeSegments(Buffer.concat(segments))
    expect(rowsIn(decoded).map(({ fn }) => fn)).toEqual(['get', 'get', 'get'])
    expect(decoded.torn).toBe(2)
  })

  it('count a segment that is missing altogether', () => {
    const row = rowAt(historyOf([{}]), 0)
    const segments = segmentsOf([[row], [row], [row], [row]])
    expect(decodeSegments(Buffer.concat([segments[0]!, segments[3]!])).torn).toBe(2)
  })

  it('name the version that wrote them when it is a later one', () => {
    const [segment] = segmentsOf([[rowAt(historyOf([{}]), 0)]])
    segment![4] = 9
    // With a checksum that fits: a segment of that version, not a damaged one.
    const later = resealed(segment!)
    expect(() => decodeSegments(later)).toThrow('segments have version 9; this cacheproof reads version 2')
  })

  it('take about a third of the memory they came from for a second of load', () => {
    const builder = new HistoryBuilder()
    const row = { ...rowAt(historyOf([{}]), 0) }
    for (let op = 0; op < 10_000; op++)
      builder.append({ ...row, op, due: op * 1e5, sent: op * 1e5 + 7, done: op * 1e5 + 500, arg: op % 3 ? op : Number.NaN })
    expect(new SegmentEncoder().encode(builder.view()).length / 10_000).toBeLessThan(32)
  })
})

describe('historyHash', () => {
  it('says the same of rows in memory, in segments and joined, whatever the dictionaries are', () => {
    fc.assert(
      fc.property(batches, (written) => {
        const builder = new HistoryBuilder(1)
        for (const row of written.flat()) builder.append(row)
        const joined = concatHistories([builder.view()])
        const fromSegments = concatHistories(
          decodeSegments(Buffer.concat(segmentsOf([[...written.flat()].slice(0, 3), written.flat().slice(3)]))).parts,
        )
        expect(historyHash(fromSegments)).toBe(historyHash(joined))
      }),
      { seed: SEED },
    )
  })

  it('changes with any field, any order and any length', () => {
    const base = historyOf([{ op: 1 }, { op: 2 }])
    const row = rowAt(base, 0)
    const hashes = new Set([
      historyHash(base),
      historyHash(historyOf([{ op: 1 }])),
      historyHash(historyOf([{ op: 2 }, { op: 1 }])),
      ...Object.entries({ ...row }).map(([field, value]) => {
        const other =
          field === 'layer' ? 'cache' : field === 'status' ? 'fail' : typeof value === 'string' ? `${value}!` : Number.isNaN(value) ? 1 : value + 1
        const builder = new HistoryBuilder()
        builder.append({ ...row, [field]: other })
        builder.append(rowAt(base, 1))
        return historyHash(builder.view())
      }),
    ])
    expect(hashes.size).toBe(3 + Object.keys(row).length)
  })

  it('does so over many rows, wherever the odd one stands', () => {
    const row = rowAt(historyOf([{ arg: 1.5 }]), 0)
    const hashOf = (odd: number, change: Partial<HistoryRow>, ...known: readonly string[]) => {
      const builder = new HistoryBuilder()
      // What was said before stays in the dictionary.
      for (const fn of known) builder.append({ ...row, fn })
      builder.clear()
      for (let op = 0; op < 10_000; op++) builder.append({ ...row, op, fn: op % 3 ? 'get' : 'set', ...(op === odd && change) })
      return historyHash(builder.view())
    }
    const plain = hashOf(-1, {})
    expect(hashOf(-1, {}, 'delete', 'get', 'set')).toBe(plain)
    const odd = [4_095, 4_096, 9_999].flatMap((at) => [hashOf(at, { fn: 'delete' }), hashOf(at, { arg: 2.5 }), hashOf(at, { op: 0 })])
    expect(new Set([plain, ...odd]).size).toBe(1 + odd.length)
  })

  it('is what it was: a hash in a run.json of last year is compared with one of today', () => {
    const rows = Array.from({ length: 10_000 }, (_, op) => {
      return { op, fn: op % 3 ? 'get' : 'set', key: op % 7, arg: op % 5 ? op / 4 : Number.NaN, error: op === 9_000 ? 'OOM' : '' }
    })
    expect(historyHash(historyOf(rows))).toMatchInlineSnapshot(`"473a9a00488fc2139207521cac2e49be89c801de08cf00d82ff2620a9f84c93f"`)
  })

  it('is the same of a source, in however many chunks', async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, fc.integer({ min: 1, max: 9 }), async (history, chunkRows) => {
        const ordered = concatHistories([history])
        expect(await hashOfSource(sourceOfColumns(ordered))).toBe(historyHash(ordered))
        expect(await hashOfSource(mergeStrands([strandOfColumns(history)], chunkRows))).toBe(historyHash(ordered))
      }),
      { seed: SEED },
    )
  })

  it('takes -0 for 0 and every NaN for one', () => {
    const odd = historyOf([{ arg: 0, ret: Number.NaN }])
    const other = historyOf([{ arg: 1, ret: 1 }])
    other.arg[0] = -0
    new Uint8Array(other.ret.buffer, other.ret.byteOffset, 8).set([1, 0, 0, 0, 0, 0, 0xf8, 0xff])
    expect(historyHash(other)).toBe(historyHash(odd))
  })
})

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const one of whole) if (at < part.length && part[at] === one) at++
  return at === part.length
}

function resealed(segment: Uint8Array): Uint8Array {
  const view = new DataView(segment.buffer, segment.byteOffset)
  view.setUint32(24, crc32Of(segment.subarray(0, 24)), true)
  return segment
}

/** CRC-32 bit by bit (ISO 3309), so that the format is checked against something other than the function it uses. */
function crc32Of(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
