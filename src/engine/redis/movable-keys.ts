import type { Command, Word } from '../../protocol/command.ts'
import { parseInt64 } from './numbers/integer.ts'

/** The keys of commands that say at `at` how many follow; none when the count makes no sense. */
export function countedKeys(at: number): (argv: Command) => readonly Word[] {
  return (argv) => {
    const count = argv[at] === undefined ? undefined : parseInt64(argv[at])
    if (typeof count !== 'number' || count < 1 || count > argv.length - at - 1) return []
    return argv.slice(at + 1, at + 1 + count)
  }
}
