/** From values to positions along an axis, with the values worth a tick. */
export interface Scale {
  position(value: number): number
  readonly ticks: readonly number[]
}

/** From 0, or from `min`, up to a round number at or above `max`. */
export function linearScale(min: number, max: number, from: number, to: number, tickCount = 4): Scale {
  const step = roundStep((max - min || 1) / tickCount)
  const top = Math.max(min + step, Math.ceil((max - 1e-9 * step) / step) * step)
  const ticks: number[] = []
  for (let index = 0; min + index * step <= top + step / 1e6; index++) ticks.push(Number((min + index * step).toPrecision(12)))
  return { position: (value) => from + ((value - min) / (top - min)) * (to - from), ticks }
}

/** As `linearScale`, but ends where the data ends: for an axis of time. */
export function exactScale(max: number, from: number, to: number, tickCount: number): Scale {
  const end = max > 0 ? max : 1
  const step = roundStep(end / tickCount)
  const ticks: number[] = []
  for (let index = 0; index * step <= end * (1 + 1e-9); index++) ticks.push(Number((index * step).toPrecision(12)))
  return { position: (value) => from + (value / end) * (to - from), ticks }
}

/** Powers of ten around the values; with 2 and 5 between where there is room. Values at or below 0 stand at the bottom. */
export function logScale(min: number, max: number, from: number, to: number): Scale {
  const low = Math.floor(Math.log10(min > 0 ? min : 1) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.log10(max > 0 ? max : 1) - 1e-9))
  const between = high - low <= 2 ? [1, 2, 5] : [1]
  const ticks: number[] = []
  for (let power = low; power <= high; power++) {
    for (const factor of between) if (power < high || factor === 1) ticks.push(Number((factor * 10 ** power).toPrecision(12)))
  }
  const position = (value: number) => from + ((Math.log10(value > 0 ? Math.max(value, 10 ** low) : 10 ** low) - low) / (high - low)) * (to - from)
  return { position, ticks }
}

/** 1, 2 or 5 times a power of ten, at or above. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  const factor = raw / power
  return (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power
}
