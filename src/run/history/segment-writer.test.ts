import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeSegments } from '../../measure/decode-segments.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { historyOf, rowAt } from '../../measure/history-row.ts'
import { findSegmentFiles, historyFileOf, segmentFileOf } from './history-paths.ts'
import { type HistoryProblem, type SegmentFiles, SegmentWriter } from './segment-writer.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cacheproof-segments-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const ROW = rowAt(historyOf([{}]), 0)

/** Writes rows op = from..to-1 as one segment. */
function writeRows(writer: SegmentWriter, builder: HistoryBuilder, from: number, to: number): void {
  for (let op = from; op < to; op++) builder.append({ ...ROW, op })
  writer.write(builder.view())
  builder.clear()
}

const decoded = (path: string) => decodeSegments(readFileSync(path))
const opsIn = (path: string) => decoded(path).parts.flatMap((part) => [...part.op])

describe('SegmentWriter', () => {
  it('has the rows in the file as soon as write returns, without being closed', () => {
    const path = join(folder, 'deep', 'x.0.segments')
    const writer = new SegmentWriter({ path, failed: fail })
    const builder = new HistoryBuilder()
    writeRows(writer, builder, 0, 3)
    expect(opsIn(path)).toEqual([0, 1, 2])
    writeRows(writer, builder, 3, 5)
    expect(opsIn(path)).toEqual([0, 1, 2, 3, 4])
    expect(writer.rows).toBe(5)
    writer.close()
    writer.close()
  })

  it('writes nothing for no rows', () => {
    const path = join(folder, 'x.0.segments')
    const writer = new SegmentWriter({ path, failed: fail })
    writer.write(new HistoryBuilder().view())
    writer.close()
    expect(readFileSync(path).length).toBe(0)
  })

  it('says once that its place is unwritable, and takes further rows in silence', () => {
    const blocker = join(folder, 'file')
    writeFileSync(blocker, '')
    const problems: HistoryProblem[] = []
    const path = join(blocker, 'x.0.segments')
    const writer = new SegmentWriter({ path, failed: (problem) => problems.push(problem) })
    writeRows(writer, new HistoryBuilder(), 0, 3)
    writer.close()
    expect(problems).toHaveLength(1)
    expect(problems[0]!.code).toBe('history-unwritable')
    expect(problems[0]!.message).toContain(path)
    expect(writer.rows).toBe(0)
  })

  it('keeps what it wrote when the disk fills up in the middle of a segment', () => {
    const path = join(folder, 'x.0.segments')
    const disk = new SmallDisk(1000)
    const problems: HistoryProblem[] = []
    const writer = new SegmentWriter({ path, failed: (problem) => problems.push(problem), files: disk })
    const builder = new HistoryBuilder()
    writeRows(writer, builder, 0, 2)
    writeRows(writer, builder, 2, 500)
    writeRows(writer, builder, 500, 502)
    writeFileSync(path, disk.bytes())
    expect(opsIn(path)).toEqual([0, 1])
    expect(decoded(path).torn).toBe(0)
    expect(problems.map(({ message }) => message)).toEqual([
      `the history could not be written to ${path}: ENOSPC: no space left on device, write; the run goes on, its history ends after 2 rows`,
    ])
    expect(disk.closed).toBe(1)
  })

  it('writes on when the system takes only part of a segment at a time', () => {
    const path = join(folder, 'x.0.segments')
    const disk = new SmallDisk(1e6, 7)
    const writer = new SegmentWriter({ path, failed: fail, files: disk })
    writeRows(writer, new HistoryBuilder(), 0, 50)
    writeFileSync(path, disk.bytes())
    expect(opsIn(path)).toHaveLength(50)
  })
})

describe('history paths', () => {
  it('turn any cell into a name that file systems take', () => {
    expect(historyFileOf('cache-aside/local:redis/wire/0')).toBe('history/cache-aside.local-redis.wire.0.parquet')
    expect(historyFileOf('a/redis://user@[::1]:6379/../ioredis:defaults/2')).toMatch(/^history\/[A-Za-z0-9._-]+\.parquet$/)
    expect(historyFileOf('a/redis://cache.b:1/wire/0')).not.toBe(historyFileOf('a/redis://cache-b:1/wire/0'))
  })

  it('finds the segments of one cell only, in order of instance', () => {
    for (const name of ['x.2.segments', 'x.10.segments', 'x.y.0.segments', 'xx.0.segments', 'x.parquet', 'x.0.segments.part']) {
      writeFileSync(join(folder, name), '')
    }
    expect(findSegmentFiles(join(folder, 'x.parquet'))).toEqual(['x.2.segments', 'x.10.segments'].map((name) => join(folder, name)))
    expect(findSegmentFiles(join(folder, 'nowhere', 'x.parquet'))).toEqual([])
    expect(segmentFileOf('history/x.parquet', 3)).toBe('history/x.3.segments')
  })
})

function fail(problem: HistoryProblem): never {
  throw new Error(problem.message)
}

/** A disk of a few bytes, that may take only so many at a time. */
class SmallDisk implements SegmentFiles {
  closed = 0
  readonly #capacity: number
  readonly #atOnce: number
  #content = Buffer.alloc(0)

  constructor(capacity: number, atOnce = Number.POSITIVE_INFINITY) {
    this.#capacity = capacity
    this.#atOnce = atOnce
  }

  bytes(): Buffer {
    return this.#content
  }

  open(): number {
    return 1
  }

  write(_handle: number, bytes: Uint8Array, offset: number): number {
    const room = this.#capacity - this.#content.length
    if (room <= 0) throw new Error('ENOSPC: no space left on device, write')
    const taken = bytes.subarray(offset, offset + Math.min(room, this.#atOnce))
    this.#content = Buffer.concat([this.#content, taken])
    return taken.length
  }

  truncate(_handle: number, length: number): void {
    this.#content = this.#content.subarray(0, length)
  }

  close(): void {
    this.closed++
  }
}
