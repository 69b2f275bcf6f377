/**
 * Numbers that lie `step` apart, from `next` on without an end: which operations, or users, are an instance's. Plain data:
 * another process can be told. Instance w of N begins with w, w + N, w + 2N ...
 */
export interface NumbersApart {
  readonly next: number
  readonly step: number
}

export function numbersOfInstance(instance: number, instances: number): NumbersApart[] {
  return [{ next: instance, step: instances }]
}

/** Of these numbers those from `from` on. */
export function numbersFrom(numbers: readonly NumbersApart[], from: number): NumbersApart[] {
  return numbers.map(({ next, step }) => ({ next: next + Math.max(0, Math.ceil((from - next) / step)) * step, step }))
}

/** What falls to one of `heirs` when they divide these numbers: each takes his turn, so that nobody has more than one more than another. */
export function numbersOfHeir(numbers: readonly NumbersApart[], heir: number, heirs: number): NumbersApart[] {
  return numbers.map(({ next, step }) => ({ next: next + heir * step, step: step * heirs }))
}

/** All of these numbers that are below `end`, rising. */
export function numbersBelow(numbers: readonly NumbersApart[], end: number): number[] {
  const below: number[] = []
  for (const { next, step } of numbers) for (let number = next; number < end; number += step) below.push(number)
  return below.sort((a, b) => a - b)
}
