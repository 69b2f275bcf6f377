import { deflateRawSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import type { ValuesSpec } from '../workload.ts'
import { createValueMaker } from './create-value-maker.ts'
import { normalQuantile } from './normal-quantile.ts'
import { MIN_VALUE_BYTES } from './value-size.ts'

const make = (size: ValuesSpec['size'], compressible = 0.5, seed = 21) =>
  createValueMaker({ size, compressible }, createChance(seed).stream('values'))
const lognormal = make({ kind: 'lognormal', medianBytes: 400, p99Bytes: 4000 })

const identity = fc.record({
  keyId: fc.oneof(fc.nat(), fc.constant(9_999_999_999)),
  version: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(9_999_999_998)),
  writer: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(65_535)),
})

describe('a value', () => {
  test.prop([identity], { seed: 1 })('says who it is, in exactly the size of its key', ({ keyId, version, writer }) => {
    const value = lognormal.make(keyId, version, writer)
    expect(value.length).toBe(lognormal.size(keyId))
    expect(lognormal.read(value)).toEqual({ keyId, version, writer })
  })

  test('begins with a header that people can read', () => {
    expect(Buffer.from(lognormal.make(17, 3, 2)).toString('latin1')).toMatch(/^cp1:17:3:2:/)
  })

  test('differs between two versions in its padding, too, and is the same each time', () => {
    const sizes: ValuesSpec['size'][] = [
      { kind: 'fixed', bytes: 1_000 },
      { kind: 'uniform', minBytes: 1_000, maxBytes: 2_000 },
      { kind: 'fixed', bytes: 100_000 },
    ]
    for (const values of sizes.map((size) => make(size))) {
      const padding = (version: number) => Buffer.from(values.make(5, version, 1).subarray(40, -8)).toString('latin1')
      expect(padding(1)).toBe(padding(1))
      expect(new Set(Array.from({ length: 20 }, (_, version) => padding(version))).size).toBeGreaterThan(15)
    }
  })

  test.prop([identity, fc.nat()], { seed: 2 })('cut short or grown is torn', (one, cut) => {
    const value = lognormal.make(one.keyId, one.version, one.writer)
    expect(lognormal.read(value.subarray(0, cut % value.length))).toBeUndefined()
    expect(lognormal.read(Buffer.concat([value, value.subarray(0, 1 + (cut % 7))]))).toBeUndefined()
  })

  test.prop([identity, fc.nat()], { seed: 3 })('put together from two versions is torn', (one, seam) => {
    const old = lognormal.make(one.keyId, one.version, one.writer)
    const young = lognormal.make(one.keyId, one.version + 1, one.writer)
    // A seam inside the header or the trailer may cut where both are equal; between them it never does.
    const at = MIN_VALUE_BYTES - 8 + (seam % Math.max(1, old.length - MIN_VALUE_BYTES))
    expect(lognormal.read(Buffer.concat([old.subarray(0, at), young.subarray(at)]))).toBeUndefined()
    expect(lognormal.read(Buffer.concat([young.subarray(0, at), old.subarray(at)]))).toBeUndefined()
  })

  test.each(['', 'cp1:', 'cp1:1:2:3', 'cp1::1:1:', 'cp2:1:1:1:00000000', 'absent', 'x'.repeat(400), 'cp1:1:2:3:0123'])(
    '%s is none of ours',
    (text) => {
      expect(lognormal.read(Buffer.from(text))).toBeUndefined()
    },
  )

  test('is the same for the same seed, and its padding another for another', () => {
    expect(make({ kind: 'fixed', bytes: 500 }).make(1, 2, 3)).toEqual(make({ kind: 'fixed', bytes: 500 }).make(1, 2, 3))
    expect(make({ kind: 'fixed', bytes: 500 }).make(1, 2, 3)).not.toEqual(make({ kind: 'fixed', bytes: 500 }, 0.5, 22).make(1, 2, 3))
  })

  test('longer than the page of padding keeps its identity', () => {
    const large = make({ kind: 'fixed', bytes: 300_000 })
    const value = large.make(5, 6, 7)
    expect(value.length).toBe(300_000)
    expect(large.read(value)).toEqual({ keyId: 5, version: 6, writer: 7 })
  })

  test.each([0, 0.25, 0.5, 0.9])('compresses as asked: %d of it repeats', (compressible) => {
    const value = make({ kind: 'fixed', bytes: 30_000 }, compressible).make(1, 1, 0)
    const left = deflateRawSync(value, { level: 9 }).length / value.length
    // What is random stays; each run of repeats costs a few bits.
    expect(left).toBeGreaterThan(1 - compressible - 0.02)
    expect(left).toBeLessThan(1 - compressible + 0.12)
  })
})

describe('sizes', () => {
  test('fixed; what is too small for the header is raised', () => {
    expect(make({ kind: 'fixed', bytes: 1000 }).size(9)).toBe(1000)
    expect(make({ kind: 'fixed', bytes: 10 }).size(9)).toBe(MIN_VALUE_BYTES)
  })

  test('uniform between its ends', () => {
    const values = make({ kind: 'uniform', minBytes: 100, maxBytes: 300 })
    const sizes = Array.from({ length: 20_000 }, (_, keyId) => values.size(keyId))
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(300)
    expect(Math.abs(sizes.reduce((sum, size) => sum + size, 0) / sizes.length - 200)).toBeLessThan(2)
  })

  test('lognormal with the median and the p99 asked for', () => {
    const sizes = Array.from({ length: 100_000 }, (_, keyId) => lognormal.size(keyId)).sort((a, b) => a - b)
    expect(Math.abs(sizes[50_000]! / 400 - 1)).toBeLessThan(0.02)
    expect(Math.abs(sizes[99_000]! / 4000 - 1)).toBeLessThan(0.05)
  })

  test('a key has its size whenever it is asked for, and again', () => {
    const spec = { kind: 'lognormal', medianBytes: 400, p99Bytes: 4000 } as const
    // Around where what is remembered grows, and beyond what is.
    const keys = [0, 1, 4095, 4096, 4097, 8191, 8192, 65_535, 65_536, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 7]
    const [up, down] = [make(spec), make(spec)]
    const sizes = keys.map((keyId) => up.size(keyId))
    expect([...keys].reverse().map((keyId) => down.size(keyId))).toEqual([...sizes].reverse())
    expect(keys.map((keyId) => up.size(keyId))).toEqual(sizes)
    expect(new Set(sizes).size).toBeGreaterThan(keys.length / 2)
  })

  test('the normal quantile agrees with tables', () => {
    expect(normalQuantile(0.5)).toBe(0)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
    expect(normalQuantile(0.01)).toBeCloseTo(-2.3263478740408408, 12)
    expect(normalQuantile(1e-12)).toBeCloseTo(-7.034483825301131, 9)
    expect(Number.isFinite(normalQuantile(0)) && Number.isFinite(normalQuantile(1))).toBe(true)
  })
})
