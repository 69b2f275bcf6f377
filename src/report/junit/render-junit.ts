import type { Verdict } from '../../measure/verdict.ts'
import { escapeHtml } from '../text/escape-html.ts'

/**
 * Verdicts as JUnit XML, as CI systems read it: one test case a verdict; what fails is a failure with its evidence,
 * its counterexample and the command that shows it again, what is inconclusive is skipped. XML 1.0 has no way to write
 * most control characters, so those are shown as `\xNN`.
 */
export function renderJunit(verdicts: readonly Verdict[], name: string): string {
  const failures = verdicts.filter(({ outcome }) => outcome === 'fails').length
  const skipped = verdicts.filter(({ outcome }) => outcome === 'unknown').length
  const counts = `tests="${verdicts.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(name)}" ${counts}>`,
    `  <testsuite name="${attribute(name)}" ${counts}>`,
    ...verdicts.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(verdict: Verdict): string {
  const where = verdict.cells && verdict.cells.length > 0 ? ` (${verdict.cells.join(', ')})` : ''
  const open = `    <testcase classname="${attribute(verdict.kind)}" name="${attribute(`${verdict.id}: ${verdict.sentence}${where}`)}"`
  if (verdict.outcome === 'holds') return `${open}/>`
  if (verdict.outcome === 'unknown') return `${open}>\n      <skipped message="${attribute(verdict.evidence)}"/>\n    </testcase>`
  const steps = verdict.counterexample?.length ? ['', 'Counterexample:', ...verdict.counterexample.map((step) => `  ${step}`)] : []
  const replay = verdict.replay ? ['', `Again: ${verdict.replay}`] : []
  const body = [verdict.evidence, ...steps, ...replay].join('\n')
  return `${open}>\n      <failure type="${attribute(verdict.kind)}" message="${attribute(verdict.evidence)}">${content(body)}</failure>\n    </testcase>`
}

function content(text: string): string {
  return escapeHtml(withoutLoneSurrogates(text)).replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
}

/** A line end in an attribute would be read as a blank. */
function attribute(text: string): string {
  return content(text).replaceAll('\n', '&#10;')
}

/** Half a surrogate pair is no character, in XML or in UTF-8. */
function withoutLoneSurrogates(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD')
}
