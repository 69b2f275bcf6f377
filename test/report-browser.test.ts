// needs: chromium

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelledRun } from '../src/check/comparison/labelled-run.ts'
import { renderComparison } from '../src/report/compare/render-comparison.ts'
import { renderHtml } from '../src/report/html/render-html.ts'
import { renderProfile } from '../src/report/profile/render-profile.ts'
import { renderValidation } from '../src/report/validation/render-validation.ts'
import type { TargetDescription } from '../src/targets/target.ts'
import { joinedComparison, killFixture, strategiesFixture, sweepFixture } from './support/comparison-fixture.ts'
import { reportFixture } from './support/report-fixture.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const HOSTILE = '"><img src=x onerror="window.pwned=1"></script><script>window.pwned=1</script>\'`'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-browser-'))
let browser: Browser

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const target: TargetDescription = {
  url: 'local:redis',
  label: 'local:redis',
  engine: 'redis',
  version: '7.0.15',
  topology: 'single node',
  ours: true,
  tls: false,
  evidence: 'observed',
  settings: { maxmemory: 'no limit' },
}

function fileOf(name: string, text: string): string {
  const path = join(folder, `${name}.html`)
  writeFileSync(path, text)
  return pathToFileURL(path).href
}

const blocks = (slowness: number): LabelledRun => ({
  label: `run ${slowness}`,
  result: reportFixture({ blocks: 6, workloads: ['cache-aside'], targets: ['local:redis'], slowness }),
})
const answered = () => {
  const run = reportFixture({
    workloads: ['cache-aside', 'write-through', 'session-store'],
    targets: ['engine:valkey', 'engine:memcached'],
    fault: true,
  })
  const cellsOf = (name: string) =>
    run.cells.filter(({ workload, target, role }) =>
      name === 'no cache'
        ? role === 'baseline'
        : workload === name || (workload === 'session-store' && target.label === `engine:${name.toLowerCase()}`),
    )
  return renderHtml(run, joinedComparison(strategiesFixture(cellsOf), killFixture(cellsOf)))
}
const pages = {
  run: () => fileOf('run', renderHtml(reportFixture({ fault: true }))),
  'run with an answer': () => fileOf('answered', answered()),
  sweep: () => fileOf('sweep', renderHtml(reportFixture({ workloads: ['cache-aside'], targets: ['engine:valkey'] }), sweepFixture())),
  comparison: () => fileOf('comparison', renderComparison([blocks(1), blocks(1.5)])),
  validation: () =>
    fileOf(
      'validation',
      renderValidation({
        title: 'local:redis',
        target,
        profile: 'redis-7.0.15',
        seed: 7,
        runs: 100,
        command: 'cacheproof validate local:redis --seed 7',
        status: 'complete',
        verdicts: [
          { kind: 'property', id: 'a', sentence: 'A.', outcome: 'fails', evidence: 'B.', counterexample: ['GET k'], replay: 'again', gates: true },
          { kind: 'property', id: 'c', sentence: 'C.', outcome: 'unknown', evidence: 'D.', gates: true },
          { kind: 'property', id: 'e', sentence: 'E.', outcome: 'holds', evidence: 'F.', gates: true },
        ],
        skipped: [{ id: 'redis/cluster', reason: 'a single node' }],
        notes: [],
      }),
    ),
  profile: () =>
    fileOf(
      'profile',
      renderProfile({
        title: 'local:redis',
        command: 'cacheproof profile local:redis',
        seed: 7,
        status: 'complete',
        targets: [{ label: 'local:redis', description: target }],
        rows: [
          {
            command: 'GET',
            results: [{ target: 'local:redis', samples: 4200, p50Nanos: 42e3, p75Nanos: 51e3, p99Nanos: 9e4, meanNanos: 47e3, rmePercent: 1 }],
          },
        ],
        notes: [],
      }),
    ),
}

/** Opens a page and keeps what it must not have: errors, violations of its policy, requests. */
async function open(url: string, options: BrowserContextOptions = {}): Promise<{ page: Page; troubles: string[]; close(): Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options })
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`${message.type()}: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) troubles.push(`request: ${request.url()}`)
  })
  await page.addInitScript("addEventListener('securitypolicyviolation', (event) => console.error('policy', event.violatedDirective))")
  await page.goto(url)
  return { page, troubles, close: () => context.close() }
}

async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] }
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => `${node.target} ${node.failureSummary}`)
        .join(' | ')}`,
  )
}

const drawn = '.panel.drawn .live canvas'

/** Opens a section and the first of its cells. */
async function unfoldCell(page: Page, which: 'first' | 'last'): Promise<void> {
  const ids = await page.locator('details.cell').evaluateAll((cells) => cells.map((cell) => cell.id))
  await page.evaluate(`location.hash = '#${which === 'first' ? ids[0] : ids.at(-1)}'`)
  await page.waitForSelector(drawn)
}

async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
}

describe.each(Object.entries(pages))('the page of a %s', (name, make) => {
  it.each([
    ['light', 1440, 'unfolded'],
    ['dark', 1440, 'folded'],
    ['light', 800, 'folded'],
    ['dark', 800, 'folded'],
    ['light', 390, 'folded'],
    ['dark', 390, 'unfolded'],
  ] as const)(
    'opens offline in %s at %d px, %s, without a complaint of the browser or of axe, and nothing sticks out',
    async (colorScheme, width, fold) => {
      const { page, troubles, close } = await open(make(), { colorScheme, viewport: { width, height: 900 } })
      if (fold === 'unfolded') await unfoldAll(page)
      if (fold === 'unfolded' && name === 'run') await page.waitForSelector(drawn)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      // axe is run as a script of the test; the page's own policy does not bind it.
      expect(await axeFindings(page)).toEqual([])
      expect(troubles).toEqual([])
      await close()
    },
  )

  it('reads without a program', async () => {
    const { page, troubles, close } = await open(make(), { javaScriptEnabled: false })
    expect(await page.locator('h1').count()).toBe(1)
    expect(await page.locator('button:visible').count()).toBe(0)
    for (const plot of (await page.locator('svg.plot:visible, svg.drawing:visible').all()).slice(0, 3))
      expect((await plot.boundingBox())!.height).toBeGreaterThan(50)
    expect(troubles).toEqual([])
    await close()
  })
})

describe('the page of a run', () => {
  it('zooms all plots of a cell together, by mouse and by keyboard', async () => {
    const { page, close } = await open(pages.run())
    await unfoldCell(page, 'last')
    const cell = page.locator('details.cell[open]').last()
    const axes = () =>
      cell
        .locator('.panel .live')
        .evaluateAll((hosts) => hosts.map((host) => (host.querySelector('canvas') as unknown as { toDataURL(): string }).toDataURL().length))
    const status = page.locator('.announce')
    const whole = await axes()
    expect(whole.length).toBeGreaterThanOrEqual(5)

    const plot = cell.locator('.u-over').first()
    await plot.scrollIntoViewIfNeeded()
    const box = (await plot.boundingBox())!
    await page.mouse.move(box.x + box.width * 0.4, box.y + 30)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 5 })
    await page.mouse.up()
    await expect.poll(axes).not.toEqual(whole)
    const zoomed = await axes()
    expect(zoomed.filter((size, index) => size === whole[index]).length).toBe(0)

    const button = (name: string) => cell.getByRole('button', { name })
    await button('Whole run').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => status.textContent()).toBe('The whole run')
    await button('Zoom in').focus()
    await page.keyboard.press('Space')
    await expect.poll(() => status.textContent()).toMatch(/^From 3\.25 to 9\.75 seconds$/)
    await button('Later').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => status.textContent()).toMatch(/^From 6\.5 to 13 seconds$/)
    await close()
  })

  it('shows the values under the cursor in every plot of the cell', async () => {
    const { page, close } = await open(pages.run())
    await unfoldCell(page, 'first')
    const cell = page.locator('details.cell[open]').first()
    const plot = cell.locator('.u-over').first()
    await plot.scrollIntoViewIfNeeded()
    const box = (await plot.boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + 20)
    await page.mouse.move(box.x + box.width / 2 + 3, box.y + 20)
    await expect.poll(async () => (await cell.locator('.panel .legend output').allTextContents()).filter((text) => text === '').length).toBe(0)
    expect((await cell.locator('[data-panel="rate"] .legend output').first().textContent())!).toMatch(/^\d[\d,.]*\/s$/)
    await close()
  })

  it('changes between light and dark by its button, and back', async () => {
    const { page, close } = await open(pages.run(), { colorScheme: 'light' })
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await background()
    await page.getByRole('button', { name: 'Dark' }).click()
    expect(await background()).not.toBe(light)
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Light' }).click()
    expect(await background()).toBe(light)
    await close()
  })

  it('is walked by keyboard: past the contents, through tables that scroll, to choices that switch', async () => {
    const { page, close } = await open(pages.run(), { viewport: { width: 390, height: 800 } })
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Skip to the report')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement?.id')).toBe('main')
    await unfoldAll(page)
    const choices = page.locator('#latency fieldset.choices').first()
    await choices.locator('input').first().focus()
    expect(await choices.locator('.chosen > figure:visible figcaption').allTextContents()).toEqual(['all reads'])
    await page.keyboard.press('ArrowRight')
    expect(await choices.locator('.chosen > figure:visible figcaption').allTextContents()).toEqual(['read hit'])
    const scroll = page.locator('#headline .scroll')
    await scroll.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => scroll.evaluate((frame) => frame.scrollLeft)).toBeGreaterThan(0)
    // The first column stays where it is.
    const name = page.locator('#headline tbody tr:not(.group) th').first()
    expect((await name.boundingBox())!.x).toBeGreaterThanOrEqual((await scroll.boundingBox())!.x - 1)
    await close()
  })

  it('unfolds what a link leads to', async () => {
    const { page, close } = await open(pages.run())
    const id = (await page.locator('#comparison tbody a').first().getAttribute('href'))!
    expect(await page.locator(id).isVisible()).toBe(false)
    await page.locator(`#comparison a[href="${id}"]`).first().click()
    await expect.poll(() => page.locator(`${id} .panels`).isVisible()).toBe(true)
    // Also from outside, and a section as a whole.
    await page.goto(`${pages.run()}${id}`)
    await page.reload()
    await expect.poll(() => page.locator(`${id} .panels`).isVisible()).toBe(true)
    await page.locator('.contents a[href="#cost"]').click()
    await expect.poll(() => page.locator('#cost table').isVisible()).toBe(true)
    await close()
  })

  it('finds what is folded, and unfolds what was found', async () => {
    const { page, troubles, close } = await open(pages.run())
    const field = page.getByRole('searchbox', { name: 'Search this page' })
    await field.fill('closed loop')
    const hits = page.locator('.found a')
    await expect.poll(() => hits.count()).toBeGreaterThan(0)
    expect(await hits.first().textContent()).toContain('How to read this')
    await field.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('#how-to-read dl').isVisible()).toBe(true)
    await field.fill('nowhere to be found')
    expect(await page.locator('.found').textContent()).toBe('0 found')
    expect(await axeFindings(page)).toEqual([])
    await field.press('Escape')
    expect(await page.locator('.found').isVisible()).toBe(false)
    expect(troubles).toEqual([])
    await close()
  })

  it('says which frames scroll, and to which side', async () => {
    const { page, close } = await open(pages['run with an answer'](), { viewport: { width: 390, height: 800 } })
    const frame = page.locator('#comparison .scroll').first()
    const hint = () => page.evaluate("getComputedStyle(document.querySelector('#comparison .scroll'), '::before').content")
    expect(await hint()).toContain('right')
    await frame.evaluate((element) => element.scrollTo({ left: 10_000 }))
    await expect.poll(hint).toContain('left')
    await close()
  })

  it('is short: what answers the question, and the rest folded', async () => {
    const { page, close } = await open(pages['run with an answer'](), { viewport: { width: 1440, height: 900 } })
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(6000)
    // The answer and the beginning of the chart stand on the first screen.
    expect((await page.locator('.answer li').last().boundingBox())!.y).toBeLessThan(700)
    expect((await page.locator('#comparison .forest').boundingBox())!.y).toBeLessThan(900)
    await close()
  })

  it('switches the trade-off to memory without a program', async () => {
    const { page, close } = await open(pages['run with an answer'](), { javaScriptEnabled: false })
    const figures = page.locator('#trade-off .chosen > figure')
    expect(await figures.nth(0).isVisible()).toBe(true)
    await page.locator('#trade-off label').nth(1).click()
    expect(await figures.nth(0).isVisible()).toBe(false)
    expect(await figures.nth(1).isVisible()).toBe(true)
    await close()
  })

  it('saves the figures it carries', async () => {
    const { page, close } = await open(pages.run(), { acceptDownloads: true })
    const saved = async (act: () => Promise<void>) => {
      const [download] = await Promise.all([page.waitForEvent('download'), act()])
      return { name: download.suggestedFilename(), text: readFileSync((await download.path())!, 'utf8') }
    }
    const json = await saved(() => page.getByRole('button', { name: 'Summary as JSON' }).click())
    expect(json.name).toBe('summary.json')
    expect(JSON.parse(json.text).cells).toHaveLength(5)
    const csv = await saved(() => page.getByRole('link', { name: 'Figures as CSV' }).click())
    expect(csv.name).toBe('summary.csv')
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(6)
    await close()
  })

  it('copies the command', async () => {
    const { page, close } = await open(pages.run())
    await unfoldAll(page)
    await page.locator('#provenance .copy').first().click()
    await expect.poll(() => page.locator('.announce').textContent()).toBe('Copied')
    await close()
  })

  it('prints with everything unfolded, as SVG, in light', async () => {
    const { page, close } = await open(pages.run(), { colorScheme: 'dark' })
    await unfoldCell(page, 'first')
    await page.emulateMedia({ media: 'print' })
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(await page.locator('details:not([open])').count()).toBe(0)
    expect(await page.locator('.panel .live:visible').count()).toBe(0)
    const panels = await page.locator('.panel').count()
    expect(await page.locator('.panel svg.plot:visible').count()).toBe(panels)
    expect(await page.locator('.chosen > figure:visible').count()).toBe(await page.locator('.chosen > figure').count())
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(await page.locator('details:not([open])').count()).toBeGreaterThan(0)
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    await close()
  })

  it('treats text from outside as text', async () => {
    const hostile = reportFixture({
      name: HOSTILE,
      workloads: [HOSTILE, `session ${HOSTILE}`],
      targets: [HOSTILE],
      outsideText: HOSTILE,
      fault: true,
    })
    const { page, troubles, close } = await open(fileOf('hostile', renderHtml(hostile)))
    await unfoldCell(page, 'first')
    expect(await page.evaluate('[typeof pwned, document.images.length, document.scripts.length]')).toEqual(['undefined', 0, 4])
    expect(await page.locator('.kind').textContent()).toContain(HOSTILE)
    expect(troubles).toEqual([])
    await close()
  })

  it('opens with 48 cells in a moment and without a complaint', async () => {
    const many = reportFixture({
      workloads: ['cache-aside', 'session-a', 'session-b', 'session-c', 'write-through', 'session-d', 'mix', 'session-e'],
      targets: ['local:redis', 'local:valkey', 'local:memcached'],
      clients: ['wire', 'ioredis'],
      fault: true,
      seconds: 60,
    })
    const { page, troubles, close } = await open(fileOf('many', renderHtml(many)), { viewport: { width: 390, height: 800 } })
    await unfoldCell(page, 'first')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    expect(await page.locator('details.cell').count()).toBe(many.cells.length)
    expect(troubles).toEqual([])
    await close()
  })
})
