import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { reportFixture } from '../../../test/support/report-fixture.ts'
import type { RunResult } from '../../measure/run-result.ts'
import { readRunFile } from '../../run/run-file.ts'
import { PAGE_BUDGET_BYTES, renderHtml } from './render-html.ts'

const HOSTILE = '"><img src=x onerror="pwned=1"></script><script>pwned=1</script>\'`|\u202e\u0000\u2028]]>-->&lt;'
const EIGHT = ['cache-aside', 'session-store', 'write-through', 'session-b', 'combined', 'session-c', 'mix', 'session-d']

function sectionsOf(page: string): readonly string[] {
  return [...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]!)
}

/** What an element of data holds, as the page's program reads it. */
function dataOf(page: string, id: string): unknown {
  const [, type, content] = new RegExp(`<script type="([^"]+)" id="${id}">(.*?)</script>`, 's').exec(page) ?? []
  if (content === undefined) return undefined
  return JSON.parse(type!.includes('gzip') ? gunzipSync(Buffer.from(content, 'base64')).toString() : content)
}

describe('the page of a run', () => {
  const run = reportFixture({ fault: true })
  const page = renderHtml(run)

  it('is the same for the same run, byte for byte', () => {
    expect(renderHtml(structuredClone(run))).toBe(page)
    expect(renderHtml(reportFixture({ fault: true, seed: 8 }))).not.toBe(page)
  })

  it('has its parts in the order in which one asks', () => {
    expect(sectionsOf(page)).toEqual([
      'comparison',
      'trade-off',
      'faults',
      'verdicts',
      'claims',
      'headline',
      'latency',
      'cells',
      'consistency',
      'cost',
      'provenance',
      'how-to-read',
      'downloads',
    ])
    expect(page.indexOf('1 check failed')).toBeLessThan(page.indexOf('id="verdicts"'))
    expect(page.indexOf('class="verdict fails gates"')).toBeLessThan(page.indexOf('class="verdict holds'))
  })

  it('names every script by its hash and allows nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)![1]!
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe-eval')
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => match[1]!)
    expect(scripts).toHaveLength(2)
    for (const script of scripts) expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    expect(/script-src [^;]*/.exec(policy)![0]).not.toContain('unsafe-inline')
  })

  it('asks no one for anything', () => {
    const urls = [...page.matchAll(/\s(?:src|href|action|poster|srcset)="([^"]*)"/g)].map((match) => match[1]!)
    expect(urls.length).toBeGreaterThan(10)
    expect(urls.filter((url) => !url.startsWith('#') && !url.startsWith('data:'))).toEqual([])
    expect(/@import|url\(/.test(page)).toBe(false)
  })

  it('draws a fault over every plot of its cell, with its name', () => {
    const cell = page.slice(page.indexOf('session-store on local:redis</h3>'))
    const plots = [...cell.slice(0, cell.indexOf('</details>')).matchAll(/<svg class="plot".*?<\/svg>/gs)]
    expect(plots.map(([plot]) => (plot.match(/class="fault bar"/g) ?? []).length)).toEqual(plots.map(() => 1))
    expect(plots.length).toBeGreaterThanOrEqual(5)
    for (const [plot] of plots) expect(plot).toContain('kill primary</text>')
  })

  it('gives every plot words and a table', () => {
    for (const [figure] of page.matchAll(/<figure class="panel".*?<\/figure>/gs)) {
      expect(figure).toMatch(/<svg class="plot"[^>]* role="img" aria-label="[^"]+"/)
      expect(figure).toMatch(/<figcaption>.{20,}<\/figcaption>/s)
    }
    expect(page.match(/These plots as a table/g)!.length).toBe(page.match(/<details class="cell"/g)!.length)
  })

  it('tells a pattern that does not apply, a limited generator and a cell that ended early', () => {
    const odd = reportFixture({ workloads: ['session-store'], targets: ['a', 'b', 'c'] })
    odd.cells[0]!.notApplicable = 'b lacks sorted sets'
    odd.cells[1]!.audit = { ...odd.cells[1]!.audit, generatorLimited: true, reasons: ['too slow'] }
    odd.cells[2]!.endedEarly = 'the server went away'
    const text = renderHtml(odd)
    expect(text).toContain('not applicable: b lacks sorted sets')
    expect(text).toContain('<span class="limited">limited</span>')
    expect(text).toContain('It ended early: the server went away')
    expect(text).toContain('Trust with care')
    const cells = sectionOf(text, 'cells')
    expect(cells.match(/<details class="cell"/g)).toHaveLength(2)
  })

  it('names the command that would test a claim which nothing could have refuted', () => {
    const claims = sectionOf(renderHtml(reportFixture()), 'claims')
    expect(claims).toContain('</span> not tested</span>')
    expect(claims).toContain('cacheproof run cache-aside cache-aside-write-through-ttl')
  })

  it('shows how many connections stood, and each process by its own meter where there are any', () => {
    const metered = reportFixture({ workloads: ['session-store'], targets: ['a'] })
    const numbers = {
      offeredPerSecond: 500,
      startedPerSecond: 444,
      judgedOperations: 900,
      lateOperations: 123,
      omittedOperations: 0,
      worstOwnLagNanos: 1e9,
      excusedNanos: 1.5e9,
    }
    const readings = {
      meteredNanos: 1e10,
      eventLoopUtilization: 0.5,
      eventLoopDelayP99Nanos: 1e6,
      gcPauseNanos: 0,
      processorNanos: 7e9,
      gaps: 1,
      gapNanos: 2.5e9,
      longestGapNanos: 2.5e9,
    }
    for (const cell of metered.cells) {
      if (cell.role === 'measured') cell.connections = 77
      cell.audit = {
        ...cell.audit,
        processes: [
          { ...numbers, ...readings, offeredPerSecond: null },
          { instance: 3, ...numbers, ...readings },
        ],
      }
    }
    const text = renderHtml(metered)
    expect(text).toContain('<td>77</td>')
    expect(text).toMatch(
      /instance 3<\/th><td>500\/s<\/td><td>444\/s<\/td><td>123<\/td><td>1.5 s<\/td><td>2.5 s<\/td><td>50 %<\/td><td>1 ms<\/td><td>70 %<\/td>/,
    )
    expect(text).toMatch(/the run itself<\/th><td>–<\/td>/)
    expect(page).not.toContain('Each process by its own meter')
  })

  it('counts the blocks of a cell together', () => {
    const blocks = renderHtml(reportFixture({ blocks: 6, workloads: ['cache-aside'], targets: ['local:redis'] }))
    expect(blocks).toContain('6 blocks together')
    expect(blocks).toContain('Block 0 of 6 is drawn')
    expect(blocks.match(/<details class="cell"/g)).toHaveLength(2)
  })

  it('carries the figures without the histograms and series', () => {
    const files = dataOf(page, 'files') as Record<string, string>
    const summary = JSON.parse(files['summary.json']!) as RunResult
    expect(summary.cells.map(({ id }) => id)).toEqual(run.cells.map(({ id }) => id))
    expect(summary.verdicts).toEqual(JSON.parse(JSON.stringify(run.verdicts)))
    expect(files['summary.json']).not.toContain('"histogram"')
    const csv = Buffer.from(/href="data:text\/csv;charset=utf-8;base64,([^"]+)"/.exec(page)![1]!, 'base64').toString()
    expect(csv.split('\r\n')[0]).toContain('read.p99.nanos.max')
  })

  it('gives the program the plots it draws as SVG', () => {
    const plots = dataOf(page, 'plots') as { cell: string; panels: { id: string; lines: { values: unknown[] }[] }[] }[]
    for (const plot of plots) {
      expect(page).toContain(`id="${plot.cell}"`)
      for (const panel of plot.panels) expect(page).toContain(`data-panel="${panel.id}"`)
    }
    expect(plots.at(-1)!.panels.map(({ id }) => id)).toContain('errors')
  })
})

describe('text from outside', () => {
  const run = reportFixture({
    name: HOSTILE,
    workloads: [`w${HOSTILE}`, `session-${HOSTILE}`],
    targets: [`t${HOSTILE}`],
    outsideText: HOSTILE,
    fault: true,
  })
  const page = renderHtml({ ...run, command: `cacheproof run ${HOSTILE}` })

  it('is text on the page, and nothing else', () => {
    expect(page).not.toContain('<img')
    expect(page).not.toContain('<script>pwned')
    expect(page).toContain('&lt;img src=x onerror=&quot;pwned=1&quot;&gt;')
    expect([...page.matchAll(/<script>/g)]).toHaveLength(2)
    // What ends or begins a script must not stand in any of the page's data.
    for (const [, content] of page.matchAll(/<script type="application\/json[^>]*>(.*?)<\/script>/gs)) expect(content).not.toContain('<')
  })

  it('shows control and direction characters instead of obeying them', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is the point
    expect(/[\u0000-\u0008\u202a-\u202e\u2066-\u2069\u2028\u2029]/.test(page)).toBe(false)
    expect(page).toContain('\\u{202e}')
    expect(page).toContain('\\x00')
  })
})

describe('any run gives a page', () => {
  const minimal = reportFixture({ workloads: ['session-store'], targets: ['local:redis'], seconds: 2 })
  const runs: readonly (readonly [string, RunResult])[] = [
    ['without a cell', { ...minimal, cells: [], verdicts: [] }],
    [
      'interrupted before anything completed',
      { ...minimal, status: 'interrupted', cells: minimal.cells.map((cell) => ({ ...cell, classes: [], series: emptied(cell.series) })) },
    ],
    ['recovered', { ...minimal, status: 'recovered' }],
    ['on virtual time', { ...minimal, virtual: true, startedAt: undefined, host: undefined }],
    ['of one cell', minimal],
    ['of one point in time', { ...minimal, cells: minimal.cells.map((cell) => ({ ...cell, series: firstPoint(cell.series) })) }],
  ]
  it.each(runs)('%s', (_, run) => {
    const page = renderHtml(run)
    expect(sectionsOf(page)).toContain('how-to-read')
    expect(page.replace(/<script>.*?<\/script>/gs, '')).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })

  it('says of an interrupted run that it was', () => {
    expect(renderHtml({ ...minimal, status: 'interrupted' })).toContain('Interrupted: 1 check failed')
  })

  it('written by an older schema', () => {
    const page = renderHtml(readRunFile(fileURLToPath(new URL('../../../test/golden/run-schema-1', import.meta.url))))
    expect(page).toContain('engine:redis')
    expect(page.replace(/<script>.*?<\/script>/gs, '')).not.toMatch(/NaN|undefined/)
  })

  it('of 48 cells and more, below a megabyte with every cell drawn', () => {
    const many = reportFixture({
      workloads: EIGHT,
      targets: ['local:redis', 'local:valkey', 'local:memcached'],
      clients: ['wire', 'ioredis'],
      fault: true,
      seconds: 60,
    })
    expect(many.cells.length).toBeGreaterThanOrEqual(48)
    const page = renderHtml(many)
    expect(Buffer.byteLength(page)).toBeLessThan(PAGE_BUDGET_BYTES)
    expect(page.match(/<details class="cell"/g)).toHaveLength(many.cells.length)
  })

  it('of far more cells than can be drawn, saying how many are not', () => {
    const run = reportFixture({
      workloads: ['session-store'],
      targets: Array.from({ length: 150 }, (_, index) => `redis://host-${index}:6379`),
      seconds: 20,
    })
    const page = renderHtml(run)
    expect(Buffer.byteLength(page)).toBeLessThan(PAGE_BUDGET_BYTES)
    expect(page).toMatch(/Showing \d+ of 150 cells/)
    expect(page).toContain('redis://host-149:6379')
  })
})

function emptied(series: RunResult['cells'][number]['series']): RunResult['cells'][number]['series'] {
  const lists = Object.entries(series).map(([name, value]) => [name, Array.isArray(value) ? [] : value])
  return { ...(Object.fromEntries(lists) as typeof series), errors: {} }
}

function firstPoint(series: RunResult['cells'][number]['series']): RunResult['cells'][number]['series'] {
  return Object.fromEntries(Object.entries(series).map(([name, value]) => [name, Array.isArray(value) ? value.slice(0, 1) : value])) as typeof series
}

function sectionOf(page: string, id: string): string {
  const from = page.indexOf(`<section id="${id}"`)
  return page.slice(from, page.indexOf('</section>', from))
}
