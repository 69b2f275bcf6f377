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

/** Between the 1, 2 or 5 times a power of ten around the values; ticks at all of those, or at the powers of ten only where the axis holds more decades than there is room for. Values at or below 0 stand at the bottom. */
export function logScale(min: number, max: number, from: number, to: number, denseDecades = 1.5): Scale {
  const bottom = roundBelow(min > 0 ? min : 1)
  const top = Math.max(roundStep(max > 0 ? max : 1), bottom * 10)
  const [low, high] = [Math.log10(bottom), Math.log10(top)]
  const factors = high - low <= denseDecades ? [1, 2, 5] : [1]
  const ticks: number[] = []
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(12))
      if (tick >= bottom * (1 - 1e-9) && tick <= top * (1 + 1e-9)) ticks.push(tick)
    }
  }
  return { position: (value) => from + ((Math.log10(Math.max(value, bottom)) - low) / (high - low)) * (to - from), ticks }
}

/** 1, 2 or 5 times a power of ten, at or above. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw) + 1e-12)
  const factor = raw / power - 1e-9
  return Number(((factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power).toPrecision(12))
}

/** The same, at or below. */
function roundBelow(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw) + 1e-12)
  const factor = raw / power + 1e-9
  return Number(((factor >= 5 ? 5 : factor >= 2 ? 2 : 1) * power).toPrecision(12))
}
