import { describe, expect, it } from 'vitest'
import type { Keyspace } from './keyspace.ts'
import { NEVER } from './keyspace.ts'

/** The suite every keyspace passes. `many` is how many keys the larger cases use. */
export function keyspaceContract(name: string, create: () => Keyspace, many = 20_000): void {
  const filled = (count: number) => {
    const keyspace = create()
    for (let i = 0; i < count; i++) keyspace.insert(`key:${i}`, i)
    return keyspace
  }
  /** A stream of draws that repeats. */
  const draws = (seed: number) => {
    let state = seed
    return () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 0x100000000
    }
  }

  describe(`${name}: keyspace contract`, () => {
    it('does what a Map does, under any mix of inserts, removes and lookups', () => {
      const keyspace = create()
      const model = new Map<string, number>()
      const draw = draws(1)
      for (let step = 0; step < many * 2; step++) {
        // Grows first, shrinks later, so that tables are rebuilt both ways while operations go on.
        const key = `k${Math.floor(draw() * many * 0.3)}`
        const entry = keyspace.find(key)
        expect(entry >= 0).toBe(model.has(key))
        if (draw() < (step < many ? 0.7 : 0.3)) {
          if (entry >= 0) keyspace.replace(entry, step)
          else keyspace.insert(key, step)
          model.set(key, step)
        } else if (entry >= 0) {
          keyspace.remove(entry)
          model.delete(key)
        }
        if (keyspace.size !== model.size) expect(keyspace.size).toBe(model.size)
      }
      for (const [key, value] of model) expect(keyspace.valueAt(keyspace.find(key))).toBe(value)
    })

    it('tells keys apart by their bytes', () => {
      const keyspace = create()
      const bytes = [[], [0], [0, 0], [255], [0xc3, 0xa9], [0xe9], [97], [65]].map((list) => Uint8Array.from(list))
      for (const [i, key] of bytes.entries()) keyspace.insert(key, i)
      for (const [i, key] of bytes.entries()) expect(keyspace.valueAt(keyspace.find(key))).toBe(i)
      expect(keyspace.valueAt(keyspace.find('\u00e9'))).toBe(4)
      expect(keyspace.valueAt(keyspace.find('a'))).toBe(6)
      expect(keyspace.find('b')).toBe(-1)
    })

    it('keeps expiry, clock and size with a key while others come and go', () => {
      const keyspace = filled(1000)
      for (let i = 0; i < 1000; i++) {
        const entry = keyspace.find(`key:${i}`)
        keyspace.setExpiry(entry, 5000 - i)
        keyspace.setClock(entry, i)
        keyspace.setSize(entry, i * 2)
      }
      for (let i = 0; i < 1000; i += 3) keyspace.remove(keyspace.find(`key:${i}`))
      for (let i = 0; i < 1000; i++) {
        const entry = keyspace.find(`key:${i}`)
        if (i % 3 === 0) {
          expect(entry).toBe(-1)
          continue
        }
        expect(keyspace.keyAt(entry)).toBe(`key:${i}`)
        expect([keyspace.expiryAt(entry), keyspace.clockAt(entry), keyspace.sizeAt(entry)]).toEqual([5000 - i, i, i * 2])
      }
    })

    it('gives up keys in the order of their expiry, whatever was changed before', () => {
      const keyspace = filled(2000)
      const draw = draws(7)
      const expected = new Map<string, number>()
      for (let step = 0; step < 6000; step++) {
        const key = `key:${Math.floor(draw() * 2000)}`
        const when = draw() < 0.2 ? NEVER : Math.floor(draw() * 10_000)
        const entry = keyspace.find(key)
        if (entry < 0) continue
        if (draw() < 0.05) {
          keyspace.remove(entry)
          expected.delete(key)
          continue
        }
        keyspace.setExpiry(entry, when)
        if (when === NEVER) expected.delete(key)
        else expected.set(key, when)
      }
      expect(keyspace.volatileCount).toBe(expected.size)
      const times: number[] = []
      for (let entry = keyspace.firstToExpire(); entry >= 0; entry = keyspace.firstToExpire()) {
        times.push(keyspace.expiryAt(entry))
        expect(expected.get(keyspace.keyAt(entry))).toBe(keyspace.expiryAt(entry))
        keyspace.remove(entry)
      }
      expect(times).toEqual([...expected.values()].sort((a, b) => a - b))
    })

    it('accounts every byte and gives all back', () => {
      const keyspace = create()
      expect(keyspace.usedBytes).toBe(0)
      keyspace.setSize(keyspace.insert('abc', 1), 100)
      const one = keyspace.usedBytes
      expect(one).toBeGreaterThan(103)
      keyspace.setSize(keyspace.find('abc'), 40)
      expect(keyspace.usedBytes).toBe(one - 60)
      keyspace.insert('d', 1)
      keyspace.remove(keyspace.find('abc'))
      keyspace.remove(keyspace.find('d'))
      expect(keyspace.usedBytes).toBe(0)
      keyspace.insert('abc', 1)
      keyspace.clear()
      expect([keyspace.size, keyspace.usedBytes, keyspace.volatileCount, keyspace.find('abc')]).toEqual([0, 0, 0, -1])
    })

    it('samples evenly, among all and among those that expire', () => {
      const keyspace = filled(50)
      for (let i = 0; i < 10; i++) keyspace.setExpiry(keyspace.find(`key:${i}`), 1)
      const draw = draws(3)
      const seen = new Map<string, number>()
      for (let i = 0; i < 20_000; i++) {
        const key = keyspace.keyAt(keyspace.sample(draw()))
        seen.set(key, (seen.get(key) ?? 0) + 1)
        expect(Number(keyspace.keyAt(keyspace.sampleVolatile(draw())).slice(4))).toBeLessThan(10)
      }
      expect(seen.size).toBe(50)
      // 400 expected of each; six standard deviations are 120.
      for (const count of seen.values()) expect(Math.abs(count - 400)).toBeLessThan(120)
      expect(create().sample(0.5)).toBe(-1)
      expect(create().sampleVolatile(0.5)).toBe(-1)
    })

    it('scans every key that is there throughout, while others come and go and tables are rebuilt', () => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const keyspace = filled(500)
        const draw = draws(seed)
        const stays = (key: string) => Number(key.slice(4)) % 2 === 0
        const seen = new Set<string>()
        let cursor = 0
        let fresh = 500
        do {
          cursor = keyspace.scan(cursor, 7, (entry) => seen.add(keyspace.keyAt(entry)))
          for (let i = 0; i < 20; i++) {
            if (draw() < 0.5) keyspace.insert(`key:${fresh++ * 2 + 1}`, 0)
            else {
              const entry = keyspace.sample(draw())
              if (!stays(keyspace.keyAt(entry))) keyspace.remove(entry)
            }
          }
        } while (cursor !== 0)
        for (let i = 0; i < 500; i += 2) expect(seen).toContain(`key:${i}`)
      }
    })

    it('ends a scan whose cursor is far beyond what is left', () => {
      const keyspace = filled(100)
      const cursor = keyspace.scan(0, 1, () => {})
      for (let i = 0; i < 99; i++) keyspace.remove(keyspace.sample(0))
      const seen: string[] = []
      let at = cursor
      do {
        at = keyspace.scan(at, 10, (entry) => seen.push(keyspace.keyAt(entry)))
      } while (at !== 0)
      expect(seen).toHaveLength(1)
      expect(create().scan(0, 10, () => {})).toBe(0)
    })

    it('gives a snapshot every key once and as it was, while writes go on', () => {
      for (const seed of [1, 2, 3]) {
        const keyspace = filled(300)
        for (let i = 0; i < 300; i += 5) keyspace.setExpiry(keyspace.find(`key:${i}`), 1000 + i)
        const draw = draws(seed)
        const seen = new Map<string, readonly [unknown, number]>()
        const snapshot = keyspace.snapshot((key, value, expiry) => {
          expect(seen.has(key)).toBe(false)
          seen.set(key, [value, expiry])
        })
        let fresh = 1000
        while (!snapshot.step(5)) {
          for (let i = 0; i < 12 && keyspace.size > 0; i++) {
            const entry = keyspace.sample(draw())
            const what = draw()
            if (what < 0.3) keyspace.remove(entry)
            else if (what < 0.6) keyspace.replace(entry, 'changed')
            else if (what < 0.8) keyspace.setExpiry(entry, 7)
            else keyspace.insert(`key:${fresh++}`, 'new')
          }
        }
        expect(seen.size).toBe(300)
        for (let i = 0; i < 300; i++) expect(seen.get(`key:${i}`)).toEqual([i, i % 5 === 0 ? 1000 + i : NEVER])
      }
    })

    it('finishes a snapshot before it forgets everything', () => {
      const keyspace = filled(50)
      let count = 0
      const snapshot = keyspace.snapshot(() => count++)
      snapshot.step(10)
      keyspace.clear()
      expect(count).toBe(50)
      expect(snapshot.step(1)).toBe(true)
    })

    it('takes one snapshot at a time, and another after a cancelled one', () => {
      const keyspace = filled(10)
      const seen: string[] = []
      const first = keyspace.snapshot(() => {})
      expect(() => keyspace.snapshot(() => {})).toThrow(/already/)
      first.cancel()
      const second = keyspace.snapshot((key) => seen.push(key))
      expect(second.step(100)).toBe(true)
      expect(seen).toHaveLength(10)
    })
  })
}
