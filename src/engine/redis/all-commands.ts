import type { CommandDefinition } from './command-spec.ts'
import { connectionCommands } from './commands/connection.ts'
import { counterCommands } from './commands/counters.ts'
import { expiryCommands } from './commands/expiry.ts'
import { hashCommands } from './commands/hashes.ts'
import { keyCommands } from './commands/keys.ts'
import { serverCommands } from './commands/server.ts'
import { sortedSetAlgebraCommands } from './commands/sorted-set-algebra.ts'
import { sortedSetPopCommands } from './commands/sorted-set-pops.ts'
import { sortedSetRangeCommands } from './commands/sorted-set-ranges.ts'
import { sortedSetCommands } from './commands/sorted-sets.ts'
import { stringCommands } from './commands/strings.ts'
import { transactionCommands } from './commands/transactions.ts'

/** Every family. A new command is an entry in its family's list, a new family a file and a line here. */
export const commandDefinitions: readonly CommandDefinition[] = [
  ...connectionCommands,
  ...serverCommands,
  ...keyCommands,
  ...expiryCommands,
  ...stringCommands,
  ...counterCommands,
  ...hashCommands,
  ...sortedSetCommands,
  ...sortedSetRangeCommands,
  ...sortedSetPopCommands,
  ...sortedSetAlgebraCommands,
  ...transactionCommands,
]
