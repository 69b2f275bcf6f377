import { describe, expect, it } from 'vitest'
import { editDistance, nearest } from './nearest.ts'

describe('nearest', () => {
  const names = ['name', 'pattern', 'popularity', 'kill_instance', 'cache-aside', 'write-through', 'session-store']

  it.each([
    ['patern', 'pattern'],
    ['popluarity', 'popularity'],
    ['kill-instance', 'kill_instance'],
    ['Cache_Aside', 'cache-aside'],
    ['sessions-store', 'session-store'],
    ['nmae', 'name'],
  ])('%s is near %s', (given, expected) => expect(nearest(given, names)).toBe(expected))

  it.each(['zzz', 'x', '', 'throughput-of-writes', 'a'.repeat(10_000)])('%s is near nothing', (given) => {
    expect(nearest(given, names)).toBeUndefined()
  })
})

describe('edit distance', () => {
  it('counts a swap of neighbours once', () => expect(editDistance('nmae', 'name')).toBe(1))
  it('is the length against nothing', () => expect(editDistance('', 'abc')).toBe(3))
  it('is zero for the same text', () => expect(editDistance('abc', 'abc')).toBe(0))
})
