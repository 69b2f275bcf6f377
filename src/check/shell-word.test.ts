import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quoted, withoutFlag } from './shell-word.ts'

const WORDS = ['plain', 'a b', "it's", '$HOME', '`id`', 'a"b', '', '--out=x y', 'é']

test('a shell reads a quoted word as it was', () => {
  const read = execFileSync('sh', ['-c', `printf '%s\\n' ${WORDS.map(quoted).join(' ')}`], { encoding: 'utf8' })
  expect(read.split('\n').slice(0, -1)).toEqual(WORDS)
})

test.each(WORDS.filter((word) => word !== ''))('a flag goes with its value, however that is quoted: %s', (word) => {
  for (const given of [`--out ${quoted(word)}`, quoted(`--out=${word}`)]) {
    expect(withoutFlag(`cacheproof run x ${given} --seed 7`, '--out')).toBe('cacheproof run x --seed 7')
  }
  expect(withoutFlag(`cacheproof run x --seed 7`, '--out')).toBe('cacheproof run x --seed 7')
})
