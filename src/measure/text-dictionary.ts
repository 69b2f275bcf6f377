/** What a text becomes when a column already holds as many different texts as its codes can name. */
export const OTHER_TEXT = '(other)'

/** Codes are Uint16, so a column names at most this many different texts; the last one is `OTHER_TEXT`. */
export const MAX_DICTIONARY_ENTRIES = 65_536

/**
 * Texts <-> small integers, in order of first sight. A server may send as many different error words as it likes;
 * once the codes are used up every new text becomes `OTHER_TEXT`, so that recording goes on.
 */
export class TextDictionary {
  readonly entries: string[] = []
  readonly #codes = new Map<string, number>()
  // Rows repeat the text of the row before most of the time, and comparing identical strings is a pointer comparison.
  #lastText = ''
  #lastCode = -1

  code(text: string): number {
    if (text === this.#lastText && this.#lastCode >= 0) return this.#lastCode
    let code = this.#codes.get(text)
    if (code === undefined) {
      if (this.entries.length >= MAX_DICTIONARY_ENTRIES - 1 && text !== OTHER_TEXT) return this.code(OTHER_TEXT)
      code = this.entries.length
      this.entries.push(text)
      this.#codes.set(text, code)
    }
    this.#lastText = text
    this.#lastCode = code
    return code
  }
}
