import { counterFamily } from './counters.ts'
import { expiryFamily } from './expiry.ts'
import type { Family } from './family.ts'
import { hashFamily } from './hashes.ts'
import { keyFamily } from './keys.ts'
import { sortedSetFamily } from './sorted-sets.ts'
import { stringFamily } from './strings.ts'

const all: readonly Family[] = [stringFamily, counterFamily, hashFamily, sortedSetFamily, keyFamily, expiryFamily]

export const crossFamily: Family = {
  id: 'cross-family',
  sentence: 'Commands of all types mixed on the same keys answer as the reference engine does.',
  reach: 'own keys',
  // Each family as a whole weighs the same.
  commands: (make) =>
    all.flatMap((family) => {
      const choices = family.commands(make)
      const total = choices.reduce((sum, choice) => sum + choice.weight, 0)
      return choices.map((choice) => ({ ...choice, weight: (choice.weight / total) * 100 }))
    }),
}
