import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../measure/verdict.ts'
import { renderJunit } from './render-junit.ts'

const holds: Verdict = {
  kind: 'property',
  id: 'property/redis/strings',
  sentence: 'Strings behave.',
  outcome: 'holds',
  evidence: '100 sequences.',
  gates: true,
}
const fails: Verdict = {
  ...holds,
  id: 'property/redis/zsets',
  outcome: 'fails',
  evidence: 'A reply differs: expected "1" & got <2>',
  counterexample: ['ZADD k 1 "\x00\x1b]]>"', 'ZSCORE k a'],
  replay: 'cacheproof validate local:redis --seed 7',
}
const unknown: Verdict = { ...holds, id: 'property/redis/keys', outcome: 'unknown', evidence: 'the endpoint went away' }

describe('JUnit XML', () => {
  it('has a test case a verdict, with failures and skips counted', () => {
    const xml = renderJunit([holds, fails, unknown], 'local:redis "x" <y>')
    expect(xml).toContain('<testsuite name="local:redis &quot;x&quot; &lt;y&gt;" tests="3" failures="1" errors="0" skipped="1">')
    expect(xml.match(/<testcase /g)).toHaveLength(3)
    expect(xml).toContain('<skipped message="the endpoint went away"/>')
  })

  it('says in a failure what differed, how to get there, and how to see it again', () => {
    const xml = renderJunit([fails], 'x')
    expect(xml).toContain('message="A reply differs: expected &quot;1&quot; &amp; got &lt;2&gt;"')
    expect(xml).toContain('ZSCORE k a')
    expect(xml).toContain('Again: cacheproof validate local:redis --seed 7')
  })

  it('holds no character that XML does not allow', () => {
    const xml = renderJunit([{ ...fails, evidence: 'half \ud83d of a pair, \ufffe\uffff \x00\x0b\x7f' }], 'x\n\x1b')
    // XML 1.0, production 2 (Char).
    expect([...xml].filter((character) => !/[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(character))).toEqual([])
    expect(xml).toContain('\\x00')
    expect(xml).not.toContain(']]>')
  })

  it('is empty for no verdict, and still a document', () => {
    expect(renderJunit([], 'x')).toContain('<testsuite name="x" tests="0" failures="0" errors="0" skipped="0">')
  })
})
