import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quoted, withoutFlag } from './shell-word.ts'

const WORDS = ['plain', 'a b', "it's", '$HOME', '`id`', 'a"b', '', '--out=x y', 'é']

test('a shell reads a quoted word as it was', () => {
  const read = execFileSync('sh', ['-c', `printf '%s\\n' ${WORDS.map(quoted).join(' ')}`], { encoding: 'utf8' })
  expect(read.split('\n').slice(0, -1)).toEqual(WORDS)
})

test('a word that a shell takes as it is stays as one would type it', () => {
  for (const word of ['plain', 'x', 'a@b', '50%', 'a+b', '--seed=7', 'host:6379', 'a,b', './out/x-1_2.yaml']) expect(quoted(word)).toBe(word)
  for (const word of ['a b', '', '*', '~', 'a;b', 'é']) expect(quoted(word)).toBe(`'${word}'`)
})

test.each(WORDS.filter((word) => word !== ''))('a flag goes with its value, however that is quoted: %s', (word) => {
  for (const given of [`--out ${quoted(word)}`, quoted(`--out=${word}`)]) {
    expect(withoutFlag(`cacheproof run x ${given} --seed 7`, '--out')).toBe('cacheproof run x --seed 7')
  }
  expect(withoutFlag(`cacheproof run x --seed 7`, '--out')).toBe('cacheproof run x --seed 7')
})
