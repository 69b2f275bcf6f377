/**
 * The candidate nearest to what was typed, for "did you mean" in error messages; undefined when none is near
 * enough to be a likely slip (more than a third of the letters differ, and at least two).
 *
 * Distance: optimal string alignment (Levenshtein plus swaps of neighbours) without regard to case and to the
 * difference between `-`, `_` and blank, because those are the slips people make.
 */
export function nearest(given: string, candidates: Iterable<string>): string | undefined {
  const typed = fold(given)
  // What is longer than any name is no slip of one, and would make the distance slow.
  if (typed.length > 64) return undefined
  let best: string | undefined
  let bestScore = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const name = fold(candidate)
    const distance = editDistance(typed, name)
    const allowed = Math.max(2, Math.floor(Math.max(typed.length, name.length) / 3))
    // A two-letter slip in a two-letter name is another name.
    if (distance > allowed || distance >= Math.max(name.length, typed.length)) continue
    // Between equals, the one of like length: letters are swapped more often than left out.
    const score = distance + Math.abs(typed.length - name.length) / 100
    if (score < bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, '-')
}

/** Edits (insert, delete, replace, swap two neighbours) that turn one text into the other. */
export function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      let distance = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1))
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        distance = Math.min(distance, beforePrevious[column - 2]! + 1)
      }
      current.push(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.length]!
}
