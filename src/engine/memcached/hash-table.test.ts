import { describe, expect, it } from 'vitest'
import { HashTable, hashKey } from './hash-table.ts'
import { Item } from './item.ts'

function itemOf(text: string): Item {
  const key = Buffer.from(text)
  const place = { bytes: new Uint8Array(key.length), start: 0, slabClass: 1, chunk: 0, chunks: null }
  return new Item(place, key, hashKey(key), 0, 0, 0)
}

describe('hash table', () => {
  it('finds exactly what is in it, while it grows and shrinks', () => {
    const table = new HashTable()
    const held = new Map<string, Item>()
    const check = (text: string) => expect(table.find(Buffer.from(text), hashKey(Buffer.from(text)))).toBe(held.get(text) ?? null)
    for (let i = 0; i < 12_000; i++) {
      const item = itemOf(`key:${i}`)
      table.insert(item)
      held.set(`key:${i}`, item)
      if (i % 3 === 0) {
        const gone = held.get(`key:${i >> 1}`)
        if (gone) table.remove(gone)
        held.delete(`key:${i >> 1}`)
      }
      if (i % 7 === 0) check(`key:${Math.floor(i / 5)}`)
    }
    expect(table.size).toBe(held.size)
    expect(table.power).toBeGreaterThan(10)
    for (let i = 0; i < 12_000; i++) check(`key:${i}`)
    check('key:')
  })

  it('tells keys with the same hash apart', () => {
    const [a, b] = [itemOf('a'), itemOf('b')]
    const table = new HashTable()
    const clash = Object.assign(itemOf('c'), { hash: a.hash })
    for (const item of [a, b, clash]) table.insert(item)
    expect(table.find(Buffer.from('a'), a.hash)).toBe(a)
    expect(table.find(Buffer.from('c'), a.hash)).toBe(clash)
    table.remove(a)
    table.remove(a)
    expect(table.find(Buffer.from('a'), a.hash)).toBeNull()
    expect(table.find(Buffer.from('c'), a.hash)).toBe(clash)
    expect(table.size).toBe(2)
  })
})
