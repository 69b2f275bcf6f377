import { describe, expect, it } from 'vitest'
import { type AllowedSurvivor, judgeRoom } from './judge-room.ts'
import type { Mutant, MutantTally } from './mutant.ts'

const survivor = (line: number, more: Partial<Mutant> = {}): Mutant => ({
  ...{ file: 'src/a.ts', line, mutator: 'EqualityOperator', original: 'a < b', replacement: 'a <= b', status: 'Survived' },
  ...more,
})
const tally = (killed: number, survivors: readonly Mutant[], timedOut = 0): MutantTally => ({ killed, timedOut, invalid: 3, survivors })
const allowed = (more: Partial<AllowedSurvivor> = {}): AllowedSurvivor => ({
  ...{ file: 'src/a.ts', mutator: 'EqualityOperator', original: 'a < b', reason: 'equal never comes' },
  ...more,
})
const FILES = ['src/a.ts', 'src/b.ts']
const judge = (given: MutantTally, reasons: readonly AllowedSurvivor[] = [], barPercent?: number) =>
  judgeRoom(barPercent === undefined ? {} : { barPercent }, FILES, given, reasons)

describe('the bar of a room', () => {
  it('is held where so many were killed or timed out, exactly', () => {
    expect(judge(tally(3, [survivor(1)], 1), [allowed()], 80)).toMatchObject({
      ok: true,
      scorePercent: 80,
      killed: 3,
      timedOut: 1,
      survived: 1,
      invalid: 3,
    })
    // 79.98 % is shown as 80, and is not.
    const many = Array.from({ length: 1_001 }, (_, line) => survivor(line))
    expect(judge(tally(3_999, many), [allowed({ lines: 1_001 })], 80)).toMatchObject({ ok: false, scorePercent: 80 })
  })

  it('is held by what a reason lets live neither more nor less', () => {
    const reasons = [allowed()]
    expect(judge(tally(3, [survivor(1)]), reasons, 80)).toMatchObject({ ok: false, scorePercent: 75, survived: 1, unexplained: 0 })
    expect(judge(tally(4, [survivor(1)]), reasons, 80)).toMatchObject({ ok: true, scorePercent: 80 })
  })

  it('is held by no score where a survivor has no reason', () => {
    expect(judge(tally(99, [survivor(1)]), [], 80)).toMatchObject({ ok: false, scorePercent: 99, unexplained: 1 })
    expect(judge(tally(99, [survivor(1), survivor(1, { mutator: 'ConditionalExpression' })]), [allowed()], 80)).toMatchObject({ ok: false })
  })

  it('is none where none is set: the score is written down', () => {
    const judged = judge(tally(0, [survivor(1)]))
    expect(judged).toMatchObject({ ok: true, scorePercent: 0 })
    expect(judged).not.toHaveProperty('barPercent')
  })
})

describe('the reason why a mutant may live', () => {
  it('is found by file, kind and text, wherever the line has gone and however it is laid out', () => {
    const judged = judge(tally(1, [survivor(1), survivor(99, { original: 'a <\n    b' })]), [allowed({ lines: 2 })])
    expect(judged.survivors).toEqual([
      { at: 'src/a.ts:1', mutator: 'EqualityOperator', original: 'a < b', replacement: 'a <= b', reason: 'equal never comes' },
      { at: 'src/a.ts:99', mutator: 'EqualityOperator', original: 'a <\n    b', replacement: 'a <= b', reason: 'equal never comes' },
    ])
    expect(judged).toMatchObject({ unexplained: 0, staleReasons: [] })
  })

  it.each([
    ['file', { file: 'src/b.ts' }],
    ['kind', { mutator: 'ConditionalExpression' }],
    ['text', { original: 'a < c' }],
    ['replacement', { replacement: 'a >= b' }],
  ] as const)('is no reason for another %s', (_, more) => {
    expect(judge(tally(1, [survivor(1)]), [allowed(more)])).toMatchObject({ unexplained: 1, staleReasons: [expect.stringContaining(': ')] })
  })

  it('may be that of any kind of fault, and of several texts, each of which can become needless', () => {
    const { mutator: _, ...any } = allowed({ original: ['a < b', 'c', 'd'] })
    const judged = judge(tally(1, [survivor(1), survivor(1, { mutator: 'ConditionalExpression' }), survivor(2, { original: 'c' })]), [any])
    expect(judged).toMatchObject({ unexplained: 0, staleReasons: ['src/a.ts: anything of d'] })
  })

  it('speaks for one line unless told for more: where the text stands again, nobody has looked', () => {
    const survivors = [survivor(1), survivor(1, { replacement: 'a >= b' }), survivor(2)]
    expect(judge(tally(1, survivors.slice(0, 2)), [allowed()])).toMatchObject({ unexplained: 0 })
    expect(judge(tally(1, survivors), [allowed()])).toMatchObject({ unexplained: 3, staleReasons: [] })
    expect(judge(tally(1, survivors), [allowed({ lines: 2 })])).toMatchObject({ unexplained: 0 })
  })

  it('may tell how a long text begins', () => {
    const long = [survivor(1, { original: '{ a: 1,\n  b: 2 }' })]
    expect(judge(tally(1, long), [allowed({ original: '{ a: 1, …' })])).toMatchObject({ unexplained: 0 })
    expect(judge(tally(1, long), [allowed({ original: '{ a: 1,' })])).toMatchObject({ unexplained: 1 })
    expect(judge(tally(1, long), [allowed({ original: 'b: 2…' })])).toMatchObject({ unexplained: 1 })
  })

  it('may name what the text is replaced by', () => {
    const survivors = [survivor(1), survivor(1, { replacement: 'a >= b' })]
    const judged = judge(tally(1, survivors), [allowed({ replacement: 'a<=b' })])
    expect(judged).toMatchObject({ unexplained: 1, staleReasons: [] })
    // Those that nobody has spoken for stand first.
    expect(judged.survivors.map(({ replacement }) => replacement)).toEqual(['a >= b', 'a <= b'])
  })

  it('is needless once its mutant is killed, and nothing is said of files that were not looked at', () => {
    const reasons = [allowed({ original: 'a < z' }), allowed({ original: 'x', replacement: 'y' }), allowed({ file: 'src/elsewhere.ts' })]
    expect(judge(tally(1, []), reasons).staleReasons).toEqual(['src/a.ts: EqualityOperator of a < z', 'src/a.ts: EqualityOperator of x -> y'])
  })
})

it('says which mutants no test came by', () => {
  const { survivors } = judge(tally(1, [survivor(1, { status: 'NoCoverage' }), survivor(2)]))
  expect(survivors.map(({ uncovered }) => uncovered)).toEqual([true, undefined])
})
