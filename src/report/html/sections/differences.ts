import type { Comparison, NamedContrast } from '../../../check/comparison/comparison.ts'
import { familyConfidence } from '../../../check/comparison/fill-family.ts'
import { plural } from '../../../measure/words.ts'
import { boundsInWords, differenceInWords } from '../../summary/answer/change-in-words.ts'
import { figureMetric } from '../../summary/figure-metric.ts'
import { dataTable } from '../data-table.ts'
import { type Html, type HtmlValue, html } from '../html.ts'

const MARKS = {
  better: { tone: 'better', glyph: '▲' },
  worse: { tone: 'worse', glyph: '▼' },
  different: { tone: 'different', glyph: '◆' },
  equivalent: { tone: 'plain', glyph: '=' },
  inconclusive: { tone: 'plain', glyph: '?' },
} as const

/** Every contrast: what was tested first, then what was only seen; of that so many at most. */
export function differencesTable(comparison: Comparison, most: number): Html {
  const nameOf = (group: string, id: string) =>
    comparison.groups.find((one) => one.id === group)?.alternatives.find((one) => one.id === id)?.name ?? id
  const rowsOf = (contrasts: readonly NamedContrast[]) =>
    contrasts.map((one) => ({
      label: html`${nameOf(one.group, one.candidate)} <span class="dim">against ${nameOf(one.group, one.baseline)}</span>`,
      values: valuesOf(one),
    }))
  const tested = comparison.contrasts.filter((one) => one.tested)
  const allSeen = comparison.contrasts.filter((one) => !one.tested)
  const seen = allSeen.slice(0, most)
  const cut = comparison.family.cut.length
  const level = Number((100 * familyConfidence(comparison.family)).toFixed(2))
  return html`${dataTable({
    caption: 'Differences between alternatives',
    quiet: true,
    columns: [
      { title: 'Alternatives' },
      { title: 'Figure' },
      { title: 'Difference', figure: true },
      { title: 'Interval', figure: true },
      { title: 'Word' },
      { title: 'Detectable', figure: true, explanation: 'The smallest difference that so many blocks would find in 4 of 5 experiments' },
      { title: 'Blocks', figure: true },
    ],
    groups: [
      ...(tested.length > 0
        ? [{ title: `Tested together: intervals at ${level} %, so that all of them hold at once with 95 %`, rows: rowsOf(tested) }]
        : []),
      ...(seen.length > 0 ? [{ title: 'Seen, not tested: intervals at 95 % each, and no word', rows: rowsOf(seen) }] : []),
    ],
  })}${cut > 0 && html`<p class="notes">${plural(cut, 'difference')} did not fit among those that are tested together; --figures says which come first.</p>`}${
    seen.length < allSeen.length &&
    html`<p class="notes">Showing ${seen.length} of ${plural(allSeen.length, 'difference')} that were seen and not tested; all of them in <code>cacheproof compare --json</code>.</p>`
  }`
}

function valuesOf({ figure, contrast }: NamedContrast): readonly HtmlValue[] {
  const { estimate, interval, range, scale, word, construction, minimumDetectable, blocksNeeded, blocks, why } = contrast
  const { head, unit } = figureMetric(figure)
  const mark = word && MARKS[word]
  const aside = [...(why === undefined ? [] : [why]), ...(blocksNeeded === undefined ? [] : [`${plural(blocksNeeded, 'block')} would tell`])].join(
    '; ',
  )
  return [
    head,
    estimate === null ? '–' : differenceInWords(estimate, scale, unit),
    interval
      ? boundsInWords(interval, scale, unit)
      : range
        ? html`${boundsInWords(range, scale, unit)} <span class="dim">in every block</span>`
        : '–',
    html`${mark && html`<strong class="word ${mark.tone}"><span aria-hidden="true">${mark.glyph}</span> ${word}</strong>`}${!mark && (construction ?? '–')}${
      aside !== '' && html` <span class="dim">${aside}</span>`
    }`,
    minimumDetectable === undefined ? '–' : differenceInWords(minimumDetectable, scale, unit),
    String(blocks),
  ]
}
