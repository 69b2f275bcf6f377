/** A label to be written beside a point, in units of the plot. */
export interface LabelWanted {
  readonly x: number
  readonly y: number
  readonly text: string
}

export interface LabelPlace {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Of the type in which labels are set, in units; a letter is 0.56 of it wide on the average. */
const SIZE = 13
const LETTER = 0.56 * SIZE
const GAP = 10

/**
 * Where each label stands so that it covers neither another nor a point: to the right, the left, above or below, the first
 * that is free; else where it covers least.
 */
export function labelPlaces(wanted: readonly LabelWanted[], frame: Box): readonly LabelPlace[] {
  const marks = wanted.map(({ x, y }): Box => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }))
  const taken: Box[] = []
  return wanted.map(({ x, y, text }, index) => {
    const width = text.length * LETTER
    const candidates: readonly LabelPlace[] = [
      { x: x + GAP, y: y + SIZE * 0.35, anchor: 'start' },
      { x: x - GAP, y: y + SIZE * 0.35, anchor: 'end' },
      { x, y: y - GAP, anchor: 'middle' },
      { x, y: y + GAP + SIZE, anchor: 'middle' },
      { x: x + GAP, y: y - GAP, anchor: 'start' },
      { x: x + GAP, y: y + GAP + SIZE * 0.7, anchor: 'start' },
      { x: x - GAP, y: y - GAP, anchor: 'end' },
    ]
    const others = marks.filter((_, at) => at !== index)
    const cost = (place: LabelPlace) => {
      const box = boxOf(place, width)
      const outside = box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom
      return (outside ? 1e6 : 0) + [...taken, ...others].reduce((sum, one) => sum + overlap(box, one), 0)
    }
    const best = candidates.reduce((least, place) => (cost(place) < cost(least) ? place : least))
    taken.push(boxOf(best, width))
    return best
  })
}

function boxOf({ x, y, anchor }: LabelPlace, width: number): Box {
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, right: left + width, top: y - SIZE * 0.8, bottom: y + SIZE * 0.25 }
}

function overlap(a: Box, b: Box): number {
  return Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))
}
