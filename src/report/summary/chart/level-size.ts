/** In one base each: nanoseconds, bytes, plain. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  '%': 0.01,
}

/** How large a level of a varied setting is, for ordering: of "500 ms", "10s", "2,000"; undefined for a word. */
export function levelSize(level: string): number | undefined {
  const match = /^(?<number>-?[\d,]*\.?\d+(?:e[+-]?\d+)?)\s*(?<unit>[a-zA-Z%]*)$/.exec(level.trim())
  if (!match) return undefined
  const { number, unit } = match.groups as { number: string; unit: string }
  const scale = unit === '' ? 1 : UNITS[unit]
  return scale === undefined ? undefined : Number(number.replaceAll(',', '')) * scale
}
