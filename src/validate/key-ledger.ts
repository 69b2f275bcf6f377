import type { Command, Word } from '../protocol/command.ts'

/** Which of our keys may be there: what was named in a command since it was last plainly deleted. For removal by key. */
export class KeyLedger {
  readonly #prefix: string
  readonly #keys = new Map<string, Word>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** To be called before a command is sent; `keys` are those that it names. */
  note(command: Command, keys: readonly Word[]): void {
    for (const key of keys) {
      const text = latin1(key)
      if (!text.startsWith(this.#prefix)) continue
      if (isPlainDelete(command)) this.#keys.delete(text)
      else this.#keys.set(text, key)
    }
  }

  get keys(): readonly Word[] {
    return [...this.#keys.values()]
  }
}

/**
 * Memcached's, which has keys of its own for each sequence; with more words it may be refused. Redis' sequences share
 * a handful, so those are never struck off (a DEL may stand in a transaction that is given up).
 */
function isPlainDelete(command: Command): boolean {
  return command.length === 2 && command[0] === 'delete'
}

/** One character a byte, so that keys of bytes and keys of text compare. */
export function latin1(word: Word): string {
  return typeof word === 'string' ? Buffer.from(word, 'utf8').toString('latin1') : Buffer.from(word).toString('latin1')
}
