import { describe, expect, it } from 'vitest'
import { applyHunks, fencedBlocks } from './fenced-blocks.ts'

describe('fenced blocks', () => {
  it('are found with their language, file and line', () => {
    const markdown = 'a\n\n```ts src/a.ts\none\n```\n\n```sh\ntwo\nthree\n```\n\n```\nfour\n```\n'
    expect(fencedBlocks(markdown)).toEqual([
      { language: 'ts', file: 'src/a.ts', text: 'one\n', line: 3 },
      { language: 'sh', file: '', text: 'two\nthree\n', line: 7 },
      { language: '', file: '', text: 'four\n', line: 12 },
    ])
  })
})

describe('hunks', () => {
  it('change what is there once', () => {
    expect(applyHunks('const list = [a, b]\nend\n', '-[a, b]\n+[a, b, c]\n@@\n+before\n end\n', 'x')).toBe('const list = [a, b, c]\nbefore\nend\n')
  })

  it('refuse what is not there, and what is there twice', () => {
    expect(() => applyHunks('a\n', '-b\n+c\n', 'recipe')).toThrow('recipe: this is in it 0 times')
    expect(() => applyHunks('a\na\n', '-a\n+c\n', 'recipe')).toThrow('recipe: this is in it 2 times')
  })
})
