import { secondsInWords } from '../text/seconds-in-words.ts'
import { type PanelLine, type TimePanel, unitInWords } from './time-panels.ts'

/** What a panel shows while the load lasted, for those who don't see it: each line's middle, its lowest and its highest, and when. */
export function panelInWords(panel: TimePanel, pointNanos: number, loadNanos: number): string {
  const points = Math.max(1, Math.floor(loadNanos / pointNanos))
  const lines = panel.lines.map((line) => ({ ...line, values: line.values.slice(0, points) }))
  return `${lines.map((line) => lineInWords(line, pointNanos, unitInWords(panel.unit))).join('; ')}.`
}

function lineInWords({ name, values }: PanelLine, pointNanos: number, words: (value: number) => string): string {
  const known = values.flatMap((value, point) => (value === null ? [] : [{ value, point }])).sort((a, b) => a.value - b.value)
  if (known.length === 0) return `${name}: nothing measured`
  const lowest = known[0]!
  const highest = known[known.length - 1]!
  const middle = words(known[known.length >> 1]!.value)
  if (lowest.value === highest.value) return `${name} ${middle} throughout`
  const when = ({ point }: { point: number }) => secondsInWords(point * pointNanos)
  return `${name} ${middle}, between ${words(lowest.value)} (at ${when(lowest)}) and ${words(highest.value)} (at ${when(highest)})`
}
