import type { Cell } from '../../measure/run-result.ts'
import { nanosInWords } from '../../measure/words.ts'
import { type Html, html } from '../html/html.ts'
import { axisNanos, type TimeBand, timeBands } from '../summary/time-bands.ts'
import { type TimePanel, type TimePanels, unitInWords } from '../summary/time-panels.ts'
import { linePath } from './line-path.ts'
import { exactScale, linearScale } from './scale.ts'

const WIDTH = 440
const LEFT = 76
const RIGHT = 12
const LANE = 62
const GAP = 14
/** A line of names of faults. */
const NAME_LINE = 15
const LETTER = 6.6
const FLOOR = 28

/** A lane: which panel of a cell's time, and the line in it. */
interface Lane {
  readonly title: string
  readonly unit: TimePanel['unit']
  readonly values: readonly (number | null)[]
  readonly tone: 'plain' | 'bad'
}

/** Rate, errors and hit ratio one below the other on one axis of time, with the fault shaded through all of them. */
export function lanePlot(cell: Cell, panels: TimePanels, label: string): Html {
  const lanes = lanesOf(panels)
  const end = axisNanos(cell)
  const x = exactScale(end / 1e9, LEFT, WIDTH - RIGHT, 5)
  const at = (nanos: number) => Math.round(x.position(Math.min(nanos, end) / 1e9))
  const bands = timeBands(cell)
  const names = faultNames(bands, at)
  const top = 10 + NAME_LINE * Math.max(1, ...names.map(({ line }) => line + 1))
  const bottom = top + lanes.length * (LANE + GAP)
  return html`<svg class="drawing" viewBox="0 0 ${WIDTH} ${bottom + FLOOR}" role="img" aria-label="${label}">${bands.map(
    ({ kind, startNanos, endNanos }) => {
      if (kind === 'note') return undefined
      const left = at(startNanos)
      const width = Math.max(2, at(endNanos) - left)
      return kind === 'fault'
        ? html`<rect class="fault" x="${left}" y="${top - 6}" width="${width}" height="${bottom - top + 6}"/>`
        : html`<rect class="aside" x="${left}" y="${top}" width="${width}" height="${bottom - top}"/>`
    },
  )}${names.map(({ text, x, anchor, line }) => html`<text class="lane-name" x="${x}" y="${12 + line * NAME_LINE}" text-anchor="${anchor}">${text}</text>`)}${lanes.map(
    (lane, index) => laneShape(lane, top + index * (LANE + GAP), panels.pointNanos, end, at),
  )}<path class="axis" d="M${LEFT} ${bottom}H${WIDTH - RIGHT}"/><g class="x">${x.ticks.map(
    (tick) => html`<text x="${Math.round(x.position(tick))}" y="${bottom + 18}">${tick} s</text>`,
  )}</g></svg>`
}

interface FaultName {
  readonly text: string
  readonly x: number
  readonly anchor: 'start' | 'end'
  /** From the top; a name that would cover another stands on the next one. */
  readonly line: number
}

function faultNames(bands: readonly TimeBand[], at: (nanos: number) => number): readonly FaultName[] {
  const taken: [number, number][][] = []
  return bands
    .filter(({ kind }) => kind === 'fault')
    .map(({ name, startNanos, endNanos }) => {
      const text = endNanos > startNanos ? `${name}, ${nanosInWords(endNanos - startNanos)}` : name
      const width = text.length * LETTER
      const isLeft = at(startNanos) + width > WIDTH
      const x = isLeft ? at(endNanos) : at(startNanos)
      const span: [number, number] = isLeft ? [x - width, x] : [x, x + width]
      const free = taken.findIndex((line) => line.every(([from, to]) => span[1] < from || span[0] > to))
      const line = free < 0 ? taken.length : free
      taken[line] = [...(taken[line] ?? []), span]
      return { text, x, anchor: isLeft ? 'end' : 'start', line }
    })
}

function laneShape({ title, unit, values, tone }: Lane, top: number, pointNanos: number, end: number, at: (nanos: number) => number): Html {
  const words = unitInWords(unit)
  const largest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
  const y = linearScale(0, unit === 'share' ? 1 : largest || 1, top + LANE, top, 1)
  const highest = y.ticks[y.ticks.length - 1]!
  const points = values.map((value, index) => (value === null ? null : ([at(Math.min((index + 0.5) * pointNanos, end)), y.position(value)] as const)))
  return html`<path class="grid" d="M${LEFT} ${top + LANE}H${WIDTH - RIGHT}M${LEFT} ${Math.round(y.position(highest))}H${WIDTH - RIGHT}"/><g class="y"><text class="lane-title" x="${LEFT - 10}" y="${top + LANE / 2 + 4}">${title}</text><text x="${LEFT - 10}" y="${top + 8}">${words(highest)}</text><text x="${LEFT - 10}" y="${top + LANE}">0</text></g><path class="${tone === 'bad' ? 'line bad' : 'line'}" d="${linePath(points)}"/>`
}

function lanesOf({ panels }: TimePanels): readonly Lane[] {
  const panel = (id: TimePanel['id']) => panels.find((one) => one.id === id)
  const rate = panel('rate')
  const errors = panel('errors')
  const hits = panel('hits')
  const summed = (some: TimePanel, names: (name: string) => boolean) => {
    const lines = some.lines.filter(({ name }) => names(name))
    return (lines[0]?.values ?? []).map((_, index) => lines.reduce((sum, line) => sum + (line.values[index] ?? 0), 0))
  }
  return [
    ...(rate ? [{ title: 'rate', unit: 'rate', values: summed(rate, (name) => name === 'reads' || name === 'writes'), tone: 'plain' } as const] : []),
    ...(errors ? [{ title: 'errors', unit: 'rate', values: summed(errors, () => true), tone: 'bad' } as const] : []),
    ...(hits ? [{ title: 'hit ratio', unit: 'share', values: hits.lines[0]?.values ?? [], tone: 'plain' } as const] : []),
  ]
}
