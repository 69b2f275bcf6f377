import { type NumbersApart, numbersFrom, numbersOfHeir, numbersOfInstance } from './numbers-apart.ts'

/** What of a load is an instance's. Plain data: another process can be told. */
export interface Share {
  /** Operations, by index. */
  readonly indices: readonly NumbersApart[]
  /** Users of a closed loop: those that there are. */
  readonly users: readonly NumbersApart[]
}

/** What instance w of N begins with: the numbers that are w mod N. */
export function shareOfInstance(instance: number, instances: number): Share {
  const numbers = numbersOfInstance(instance, instances)
  return { indices: numbers, users: numbers }
}

/** The share without the operations before this one. */
export function shareFrom({ indices, users }: Share, index: number): Share {
  return { indices: numbersFrom(indices, index), users }
}

/** What falls to each heir of a share, in their order. All of them together have all of it, and nobody has what another has. */
export function divideShare({ indices, users }: Share, heirs: number): Share[] {
  return Array.from({ length: heirs }, (_, heir) => ({
    indices: numbersOfHeir(indices, heir, heirs),
    users: numbersOfHeir(users, heir, heirs),
  }))
}

/** Two shares as one. */
export function joinShares(one: Share, other: Share): Share {
  return { indices: [...one.indices, ...other.indices], users: [...one.users, ...other.users] }
}
