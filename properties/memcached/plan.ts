import type { Command, Word } from '../../src/protocol/command.ts'
import { MEMCACHED_MAX_KEY_BYTES } from '../../src/protocol/memcached-verbs.ts'

/**
 * A word of a generated command. Text is sent as it is; keys and cas ids are named by a number and become words only
 * when the sequence is sent, so that every run has keys of its own and each side its own cas ids.
 */
export type PlannedWord = string | KeyWord | CasWord

export interface KeyWord {
  readonly key: number
  /** "plain"; "base64" as meta commands take it; "longest" = 250 bytes; "overlong" = 251. */
  readonly form: 'plain' | 'base64' | 'longest' | 'overlong'
}

/** The cas id that came last but `back` in this sequence's replies; before there is one, an id that no item has. */
export interface CasWord {
  readonly back: number
  /** In front of it: "" for cas, "C" for meta commands. */
  readonly letter: '' | 'C'
}

export type PlannedCommand = readonly PlannedWord[]
export type Plan = readonly PlannedCommand[]

const NO_ITEM_HAS_THIS_CAS = 18_446_744_073_709_551_615n

/** Whether a command can be sent only when the replies before it are there. */
export function needsReplies(command: PlannedCommand): boolean {
  return command.some((word) => typeof word !== 'string' && 'back' in word)
}

/** The key of one run, as text. */
export function keyText(prefix: string, run: number, word: Pick<KeyWord, 'key' | 'form'>): string {
  const plain = `${prefix}${run.toString(36).padStart(6, '0')}:${word.key}`
  if (word.form === 'longest') return plain.padEnd(MEMCACHED_MAX_KEY_BYTES, 'l')
  if (word.form === 'overlong') return plain.padEnd(MEMCACHED_MAX_KEY_BYTES + 1, 'o')
  return plain
}

/** `seen`: the cas ids of this side's replies so far, in order of appearance. */
export function renderCommand(command: PlannedCommand, prefix: string, run: number, seen: readonly bigint[]): Command {
  return command.map((word): Word => {
    if (typeof word === 'string') return word
    if ('back' in word) return `${word.letter}${seen[seen.length - 1 - word.back] ?? NO_ITEM_HAS_THIS_CAS}`
    const key = keyText(prefix, run, word)
    return word.form === 'base64' ? Buffer.from(key, 'utf8').toString('base64') : key
  })
}

/** A text key that is sent as if it were base64, and so names a key outside the prefix. */
export function claimsBase64(command: PlannedCommand): boolean {
  const key = command[1]
  return key !== undefined && typeof key !== 'string' && 'key' in key && key.form !== 'base64' && command.includes('b')
}

/** Deletes every key a plan can have stored under. */
export function cleanUp(plan: Plan, prefix: string, run: number): Command[] {
  const commands = new Map<string, Command>()
  for (const command of plan) {
    for (const word of command) {
      if (typeof word === 'string' || !('key' in word) || word.form === 'overlong') continue
      const key = keyText(prefix, run, word)
      commands.set(key, ['delete', key])
      if (claimsBase64(command)) commands.set(`${key} b`, ['md', key, 'b'])
    }
  }
  return [...commands.values()]
}
