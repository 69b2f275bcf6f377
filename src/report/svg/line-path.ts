/** A point of a line; null ends the line and begins another: where nothing was measured, nothing is drawn. */
export type Point = readonly [x: number, y: number] | null

/**
 * Leaves out points between two of the same height as they: the line is the same without them.
 */
function withoutLevelPoints(points: readonly Point[]): readonly Point[] {
  const level = (a: Point | undefined, b: Point) => a !== null && a !== undefined && b !== null && Math.round(a[1]) === Math.round(b[1])
  return points.filter((point, index) => point === null || !(level(points[index - 1], point) && level(points[index + 1], point)))
}

/**
 * The path of a line in whole units, relative from point to point: the shortest text there is for it. A point without
 * neighbours becomes a stroke of no length, which round line ends make a dot.
 */
export function linePath(all: readonly Point[]): string {
  let path = ''
  let x = 0
  let y = 0
  let drawing = false
  let length = 0
  for (const point of withoutLevelPoints(all)) {
    if (point === null) {
      if (drawing && length === 1) path += 'h0'
      drawing = false
      continue
    }
    const nextX = Math.round(point[0])
    const nextY = Math.round(point[1])
    if (!drawing) {
      path += `M${nextX} ${nextY}`
      length = 1
    } else {
      path += `${length === 1 ? 'l' : nextX - x < 0 ? '' : ' '}${nextX - x}${nextY - y < 0 ? '' : ' '}${nextY - y}`
      length++
    }
    x = nextX
    y = nextY
    drawing = true
  }
  return drawing && length === 1 ? `${path}h0` : path
}
