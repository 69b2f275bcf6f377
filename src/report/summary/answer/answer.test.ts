import { describe, expect, it } from 'vitest'
import {
  alternativeFixture,
  comparisonFixture,
  contrastFixture,
  groupFixture,
  joinedComparison,
  killFixture,
  strategiesFixture,
  sweepFixture,
} from '../../../../test/support/comparison-fixture.ts'
import type { Comparison, NamedContrast } from '../../../check/comparison/comparison.ts'
import type { Contrast } from '../../../measure/inference/contrast.ts'
import { answerOf } from './answer.ts'
import { costSentence } from './fault-sentence.ts'
import { sentenceText } from './sentence.ts'

const textsOf = (comparison: Comparison) => answerOf(comparison).sentences.map(sentenceText)

const PAIR = [
  alternativeFixture('cache-aside', { figures: { 'read.p99': 14e6, database_reads: 158, stale_ratio: 0.0004, hit_ratio: 0.84, error_ratio: 0.02 } }),
  alternativeFixture('write-through', { figures: { 'read.p99': 13e6, database_reads: 85, stale_ratio: 0.0041, hit_ratio: 0.915, error_ratio: 0 } }),
]
const ofPair = (...contrasts: readonly NamedContrast[]) => comparisonFixture([groupFixture(PAIR)], contrasts)
const one = (figure: string, contrast: Partial<Contrast>, given: Partial<NamedContrast> = {}) =>
  textsOf(ofPair(contrastFixture(figure, contrast, given)))[0]

describe('a pair in a sentence', () => {
  it('tells differences first, each with its interval, then what makes none and how many blocks would tell', () => {
    expect(textsOf(strategiesFixture())).toEqual([
      'write-through reads the database 46 % less than cache-aside (−49 to −43 %), serves 0.41 % of reads stale instead of 0.04 % (+0.31 to +0.43 points) and takes 1.4 times the memory (1.36 to 1.44 times); no difference shown in read p99 (−7 to +3 %; 18 blocks would tell).',
      'TTL alone reads the database 76 % less than cache-aside (−77 to −74 %), has a read p99 43 % lower (−48 to −38 %), serves 18.3 % of reads stale instead of 0.04 % (+18 to +19 points) and takes 1.4 times the memory (1.4 to 1.48 times).',
      'Seen, not tested: write-through against cache-aside has hit ratio 91.5 % instead of 84.2 %.',
    ])
  })

  it.each<[string, Partial<Contrast>, string]>([
    ['less', { estimate: 0.54, interval: { low: 0.51, high: 0.57 }, word: 'better' }, 'reads the database 46 % less than cache-aside (−49 to −43 %)'],
    ['more', { estimate: 1.12, interval: { low: 1.09, high: 1.15 }, word: 'worse' }, 'reads the database 12 % more than cache-aside (+9 to +15 %)'],
    [
      'times',
      { estimate: 1.8, interval: { low: 1.724, high: 1.9 }, word: 'worse' },
      'reads the database 1.8 times as often as cache-aside (1.72 to 1.9 times)',
    ],
    [
      'nearly all',
      { estimate: 0.0004, interval: { low: 0.0002, high: 0.0008 }, word: 'better' },
      '99.96 % less than cache-aside (−99.98 to −99.92 %)',
    ],
    [
      'without a direction',
      { estimate: 1.1, interval: { low: 1.05, high: 1.16 }, word: 'different' },
      'reads the database 10 % more than cache-aside (+5 to +16 %)',
    ],
    [
      'a fixed ratio',
      { estimate: 1.5, construction: 'fixed ratio' },
      'reads the database 1.5 times as often as cache-aside (by construction, in every block)',
    ],
  ])('of a ratio: %s', (_, contrast, clause) => {
    expect(one('database_reads', contrast)).toContain(clause)
  })

  it.each<[string, Partial<Contrast>, string]>([
    [
      'no difference shown',
      { estimate: 1.01, interval: { low: 0.96, high: 1.06 }, word: 'inconclusive', blocksNeeded: 18 },
      'no difference shown in read p99 (−4 to +6 %; 18 blocks would tell)',
    ],
    [
      'equivalent',
      { estimate: 1.01, interval: { low: 0.99, high: 1.03 }, word: 'equivalent' },
      'no difference that matters in read p99 (−1 to +3 %)',
    ],
    ['the same by construction', { estimate: 1, construction: 'identical by construction' }, 'identical by construction in read p99'],
  ])('that makes no difference: %s', (_, contrast, clause) => {
    expect(one('read.p99', contrast)).toBe(`write-through and cache-aside: ${clause}.`)
  })

  it('states both shares, and the bound of the side on which nothing was seen', () => {
    const nothing = {
      scale: 'share',
      estimate: -0.02,
      interval: { low: -0.03, high: -0.01 },
      word: 'better',
      upperBound: { candidate: 0.0003 },
    } as const
    expect(one('error_ratio', nothing)).toBe('write-through fails no operation, cache-aside 2 % (−3 to −1 points; at most 0.03 %).')
    const swapped = { baseline: 'write-through', candidate: 'cache-aside' }
    expect(
      one(
        'error_ratio',
        { ...nothing, estimate: 0.02, interval: { low: 0.01, high: 0.03 }, word: 'worse', upperBound: { baseline: 0.0003 } },
        swapped,
      ),
    ).toBe('cache-aside fails 2 % of operations, write-through none (+1 to +3 points; write-through at most 0.03 %).')
  })

  it('states what one side has none of, also before there are blocks enough for a word', () => {
    const none = [
      alternativeFixture('cache-aside', { figures: { database_reads: 266 } }),
      alternativeFixture('write-through', { figures: { database_reads: 0 } }),
    ]
    const of = (contrast: Partial<Contrast>) =>
      textsOf(
        comparisonFixture(
          [groupFixture(none)],
          [contrastFixture('database_reads', { scale: 'share', estimate: -266, range: { low: -277, high: -261 }, ...contrast })],
        ),
      )[0]
    expect(of({ word: 'better' })).toBe('write-through sends no read to the database, cache-aside 266 of 1,000 (−277 to −261).')
    expect(of({ word: 'inconclusive', blocks: 8, blocksNeeded: 9 })).toBe(
      'write-through and cache-aside: database reads 0 instead of 266, too few blocks for a word (8 blocks; 9 blocks would tell).',
    )
  })

  it('gives no word to blocks that drift', () => {
    const drifting = contrastFixture('read.p99', { estimate: 0.9, drifts: true })
    const better = contrastFixture('database_reads', { estimate: 0.54, interval: { low: 0.51, high: 0.57 }, word: 'better' })
    expect(textsOf(ofPair(better, drifting))[0]).toContain('; no word on read p99, which drifts from block to block.')
  })

  it('uses what was not tested only behind "Seen, not tested"', () => {
    const seen = contrastFixture('database_reads', { estimate: 0.54, interval: { low: 0.51, high: 0.57 } }, { tested: false })
    const [sentence] = answerOf(ofPair(seen)).sentences
    expect(sentence).toMatchObject({ tested: false })
    expect(sentenceText(sentence!)).toBe('Seen, not tested: write-through against cache-aside has database reads −46 %.')
  })

  it('tells nothing of a difference that its own words do not show', () => {
    const [from, to] = PAIR
    const pair = [from!, { ...to!, figures: { ...to!.figures, hit_ratio: from!.figures['hit_ratio']! } }]
    const tiny = contrastFixture('hit_ratio', { scale: 'share', estimate: 1e-6 }, { tested: false })
    const seen = contrastFixture('database_reads', { estimate: 0.54 }, { tested: false })
    expect(textsOf(comparisonFixture([groupFixture(pair)], [tiny, seen]))[0]).toBe(
      'Seen, not tested: write-through against cache-aside has database reads −46 %.',
    )
  })

  it('says of too few blocks what was seen, and how many would tell', () => {
    const few = (blocks: number) =>
      textsOf(ofPair(contrastFixture('database_reads', { estimate: 0.54, blocks }), contrastFixture('read.p99', { estimate: 1, blocks })))
    expect(few(1)).toEqual([
      "Seen, not tested: write-through against cache-aside has database reads −46 % and the same read p99. One block can't tell a difference from chance; --blocks 10 would.",
    ])
    expect(few(3)[0]).toContain("3 blocks can't tell")
    expect(few(6)[0]).not.toContain("can't tell")
  })

  it('says why the tested have no word', () => {
    expect(one('read.p99', { estimate: 0.9, why: 'A block of 3 s holds too few reads for a p99; --duration 40s would.' })).toMatch(
      / A block of 3 s .* would\.$/,
    )
  })

  it('names what else varies once, in front', () => {
    const targets = ['engine:valkey', 'engine:memcached'].flatMap((target) =>
      ['cache-aside', 'write-through'].map((workload) => alternativeFixture(`${workload}, ${target}`, { factors: { workload, target } })),
    )
    const contrast = contrastFixture(
      'database_reads',
      { estimate: 0.54, interval: { low: 0.51, high: 0.57 }, word: 'better' },
      { baseline: 'cache-aside, engine:memcached', candidate: 'write-through, engine:memcached' },
    )
    expect(textsOf(comparisonFixture([groupFixture(targets)], [contrast]))[0]).toMatch(
      /^On Memcached, write-through reads the database 46 % less than cache-aside/,
    )
  })
})

describe('faults', () => {
  it('tells what was lost on each side', () => {
    expect(textsOf(killFixture())[0]).toBe('A kill of the primary lost no acknowledged write on Valkey and 967 on Memcached.')
    expect(answerOf(killFixture()).sentences[0]!.parts.find(({ tone }) => tone)).toEqual({ text: '967 on Memcached', tone: 'worse' })
  })

  it('says so where it was seen and not tested', () => {
    const { groups } = killFixture()
    expect(textsOf(comparisonFixture(groups))[0]).toBe(
      'Seen, not tested: a kill of the primary lost no acknowledged write on Valkey and 967 on Memcached.',
    )
  })

  it('tells the time of a cache that was away from one without reads', () => {
    const figures = { errors: 0, service_read_unavailable: 1.01e9, read_unavailable: 0 }
    expect(costSentence(alternativeFixture('cache-loss', { figures }), 'kill:primary at 2 s for 1 s')).toBe(
      'A kill of the primary cost no error and no time without reads, though the cache was away for 1.01 s.',
    )
    expect(costSentence(alternativeFixture('cache-loss', { figures: { ...figures, read_unavailable: 2e9 } }), 'kill:primary at 2 s')).toBe(
      'A kill of the primary cost no error and 1.01 s without service at the longest.',
    )
  })

  it('keeps its room beside many strategies', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => alternativeFixture(name))
    const contrasts = names.map(({ id }) =>
      contrastFixture('database_reads', { estimate: 0.5, interval: { low: 0.4, high: 0.6 }, word: 'better' }, { candidate: id }),
    )
    const many = comparisonFixture([groupFixture([...PAIR, ...names])], contrasts)
    const answer = answerOf(joinedComparison(many, killFixture()))
    expect(answer.sentences).toHaveLength(5)
    expect(sentenceText(answer.sentences[4]!)).toMatch(/^A kill of the primary lost/)
    expect(answer.left).toBe(2)
  })
})

describe('nothing to compare', () => {
  it('states the figures and points to what to compare', () => {
    expect(
      textsOf(
        comparisonFixture([
          groupFixture([
            alternativeFixture('session-store', {
              factors: { workload: 'session-store', target: 'engine:valkey' },
              figures: { 'read.p50': 310e3, hit_ratio: 0.9 },
            }),
          ]),
        ]),
      ),
    ).toEqual([
      'session-store on Valkey: read p50 310 us and hit ratio 90 %.',
      'Nothing was measured beside it: name another workload, another --target, or vary a setting (--vary with.ttl=1s,10s,60s).',
    ])
  })

  it('tells why an alternative was left out', () => {
    expect(textsOf(comparisonFixture([groupFixture([alternativeFixture('leaderboard', { leftOut: 'Memcached lacks sorted sets' })])]))[0]).toBe(
      'leaderboard: Memcached lacks sorted sets.',
    )
  })

  it('says something of a run without a cell', () => {
    const answer = answerOf(comparisonFixture([]))
    expect(answer).toMatchObject({ question: { title: 'Nothing was measured' }, sentences: [] })
  })
})

describe('the question', () => {
  const titleOf = (comparison: Comparison) => answerOf(comparison).question.title
  it('counts strategies and names engines, settings and what stands alone', () => {
    expect(titleOf(strategiesFixture())).toBe('3 strategies')
    expect(titleOf(killFixture())).toBe('session-store on Valkey and Memcached')
    expect(titleOf(sweepFixture())).toBe('cache-aside-ttl-alone with TTL 1 s, 10 s, 60 s and 10 min')
    expect(titleOf(joinedComparison(strategiesFixture(), killFixture()))).toBe('3 strategies and session-store on Valkey and Memcached')
  })

  it('says under which load, and which faults', () => {
    expect(answerOf(strategiesFixture()).question.load).toBe('1,000 operations/s on 2,000 keys, SQLite behind')
    expect(answerOf(joinedComparison(strategiesFixture(), killFixture())).question.load).toBe(
      '2 loads, each compared within itself, and what a kill of the primary costs',
    )
  })

  it('tells a real server from an engine of the same name', () => {
    const both = ['engine:redis', 'local:redis'].map((target) => alternativeFixture(target, { factors: { workload: 'cache-aside', target } }))
    expect(titleOf(comparisonFixture([groupFixture(both)]))).toBe('cache-aside on engine:redis and local:redis')
  })
})
