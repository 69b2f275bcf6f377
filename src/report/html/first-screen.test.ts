import { describe, expect, it } from 'vitest'
import {
  alternativeFixture,
  comparisonFixture,
  groupFixture,
  joinedComparison,
  killFixture,
  strategiesFixture,
  sweepFixture,
} from '../../../test/support/comparison-fixture.ts'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import { renderHtml } from './render-html.ts'

const run = reportFixture({
  workloads: ['cache-aside', 'write-through', 'session-store'],
  targets: ['engine:valkey', 'engine:memcached'],
  fault: true,
  blocks: 2,
})
const cellsOf = (name: string) =>
  run.cells.filter(({ workload, target, role }) =>
    name === 'no cache'
      ? role === 'baseline'
      : workload === name || (workload === 'session-store' && target.label === `engine:${name.toLowerCase()}`),
  )
const page = renderHtml(run, joinedComparison(strategiesFixture(cellsOf), killFixture(cellsOf)))
const at = (text: string) => {
  expect(page).toContain(text)
  return page.indexOf(text)
}
const sectionOf = (text: string, id: string) => {
  const from = text.indexOf(`<section id="${id}"`)
  return from < 0 ? '' : text.slice(from, text.indexOf('</section>', from))
}

describe('the first screen', () => {
  it('asks, says whether to believe, answers, and then shows', () => {
    const places = [
      at('<h1>3 strategies and session-store on Valkey and Memcached</h1>'),
      at('Measured soundly'),
      at('reads the database 46 % less</strong> than cache-aside'),
      at('A kill of the primary'),
      at('<section id="comparison"'),
      at('<section id="trade-off"'),
      at('<section id="faults"'),
      at('<section id="verdicts"'),
      at('<section id="claims"'),
    ]
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('sets in bold and colour only what was tested', () => {
    expect(page).toContain('<strong class="word better">reads the database 46 % less</strong> than cache-aside (−49 to −43 %)')
    const seen = /<li class="seen">.*?<\/li>/s.exec(renderHtml(run, strategiesFixture()))![0]
    expect(seen).toContain('Seen, not tested')
    expect(seen).not.toContain('<strong')
  })

  it('draws every alternative with words beside the drawing, so that the table is its own alternative', () => {
    const rows = [.../<table class="forest".*?<\/table>/s.exec(page)![0].matchAll(/<tr(?: class="uncached")?><th scope="row">.*?<\/tr>/gs)].map(
      ([row]) => row,
    )
    expect(rows).toHaveLength(4)
    for (const row of rows) expect(row.match(/<span class="value">/g)).toHaveLength(row.match(/<svg class="strip /g)!.length)
    expect(rows[1]).toMatch(/<svg class="strip better".*85\.3 <strong class="word better">.*−46 %/s)
    expect(rows[0]).toContain('baseline')
    expect(rows[3]).toContain('uncached')
  })

  it('links an alternative to what was measured of it, and lists every difference', () => {
    const anchor = /<a href="#(cell-\d+)">write-through<\/a>/.exec(sectionOf(page, 'comparison'))![1]
    expect(page).toContain(`<details class="cell" id="${anchor}">`)
    const differences = page.slice(at('id="differences"'), at('<section id="trade-off"'))
    expect(differences).toContain('Tested together: intervals at 99.44 %')
    expect(differences).toContain('18 blocks would tell')
    expect(differences.indexOf('Seen, not tested')).toBeGreaterThan(differences.indexOf('Tested together'))
  })

  it('draws staleness against database reads, with a switch for memory', () => {
    const section = sectionOf(page, 'trade-off')
    expect(section.match(/<svg class="drawing"/g)).toHaveLength(2)
    expect(section).toContain('against memory</label>')
    expect(section).toMatch(/role="img" aria-label="Stale reads against database reads\. cache-aside: 158, 0\.04 % stale/)
  })

  it('draws a varied setting as a line through its values', () => {
    const section = sectionOf(renderHtml(run, sweepFixture()), 'trade-off')
    expect(section.match(/<path class="line"/g)).toHaveLength(2)
    expect(section).toContain('cache-aside-ttl-alone by TTL')
    for (const ttl of ['1 s', '10 s', '60 s', '10 min']) expect(section).toContain(`>${ttl}</text>`)
  })

  it('says why an alternative is left out in a few words, draws no line for what one model decides, and shows money with its prices', () => {
    const why = 'the load generator was the bottleneck in 1 of 3 blocks: it was 12 ms behind schedule with 3 % of its operations'
    const engines = ['Valkey', 'Memcached'].map((name) =>
      alternativeFixture(name, { factors: { target: name }, figures: { 'read.p50': 3e5, cost: 0.0042 }, ...(name === 'Valkey' && { leftOut: why }) }),
    )
    const modelled = [{ group: 'plain', baseline: 'Valkey', candidate: 'Memcached', figure: 'read.p50' }]
    const text = sectionOf(renderHtml(run, { ...comparisonFixture([groupFixture(engines)]), modelled, currency: 'EUR' }), 'comparison')
    expect(text).toContain('>the load generator was the bottleneck in 1 of 3 blocks</span>')
    const [, , valkey, memcached] = text.split('<tr')
    expect([valkey, memcached].map((row) => row!.match(/class="strip/g)?.length ?? 0)).toEqual([2, 1])
    expect(memcached).toContain('>the same</span>')
    expect(text).toContain('Cost in EUR')
  })

  it('draws what a fault did to each alternative, with the sentence of what it cost', () => {
    const section = sectionOf(page, 'faults')
    const lanes = [...section.matchAll(/<figure class="lane">.*?<\/figure>/gs)].map(([lane]) => lane)
    expect(lanes).toHaveLength(2)
    for (const lane of lanes) {
      expect(lane).toContain('class="fault"')
      for (const title of ['rate', 'errors', 'hit ratio']) expect(lane).toContain(`>${title}</text>`)
    }
    expect(lanes[1]).toContain('A kill of the primary cost 431 errors, 1.04 s without service at the longest and 967 sessions lost.')
    expect(lanes[0]).toContain('and nothing lost.')
  })
})
