import { comparedContrasts } from '../../../check/comparison/compared-contrasts.ts'
import type { ComparisonGroup } from '../../../check/comparison/comparison.ts'
import { type TradeOff, tradeOffs } from '../../summary/chart/trade-off.ts'
import { tradeOffPlot } from '../../svg/trade-off-plot.ts'
import { type Html, html } from '../html.ts'
import type { RunView } from '../run-view.ts'
import { scrollFrame } from '../scroll-frame.ts'
import type { Section } from '../section.ts'

/** What fresher data costs: a chart for each load under which it could be seen. */
export function tradeOffSection({ comparison }: RunView): Section | undefined {
  const parts = comparison.groups.flatMap((group, index) => {
    if (group.fault !== undefined) return []
    const baselines = new Set(
      comparedContrasts(comparison)
        .filter((one) => one.group === group.id)
        .map(({ baseline }) => baseline),
    )
    const found = tradeOffs(group, comparison.factors, baselines)
    return found.length === 0 ? [] : [{ group, found, index }]
  })
  if (parts.length === 0) return undefined
  return {
    id: 'trade-off',
    title: 'What fresh data costs',
    body: html`<p class="lead">Each alternative by how many of its reads were stale and by what it asks of the database, or of memory. Down and to the left is better both ways; between points that are neither, one has to choose.</p>
${parts.map(({ group, found, index }) => part(group, found, index, parts.length > 1))}`,
  }
}

function part(group: ComparisonGroup, found: readonly TradeOff[], index: number, isNamed: boolean): Html {
  const name = `trade-off-${index}`
  const figures = found.map((one) => tradeOffFigure(one))
  const heading = isNamed && html`<h3>${group.load}</h3>`
  if (figures.length === 1) return html`${heading}${figures[0]}`
  return html`${heading}<fieldset class="choices"><legend>Staleness against</legend>${found.map(
    ({ x }, at) =>
      html`<input type="radio" name="${name}" id="${name}-${at}"${at === 0 && html` checked`}><label for="${name}-${at}">against ${x.title.toLowerCase()}</label>`,
  )}
<div class="chosen">${figures}</div></fieldset>`
}

function tradeOffFigure(tradeOff: TradeOff): Html {
  const { x, y, points, lines, beyond } = tradeOff
  const words = points.map(({ label, x, y }) => `${label}: ${x.words}, ${y.words} stale`).join('; ')
  const label = `${y.title} against ${x.title.toLowerCase()}. ${words}.`
  return html`<figure class="trade-off">${scrollFrame(tradeOffPlot(tradeOff, label), `${y.title} against ${x.title.toLowerCase()}`)}
<figcaption>${lines.length > 0 && html`The line leads through ${lines.map(({ name }, index) => `${index > 0 ? '; ' : ''}${name}`)}. `}Bars are 95 % intervals. ${beyond.join(' ')}</figcaption></figure>
`
}
