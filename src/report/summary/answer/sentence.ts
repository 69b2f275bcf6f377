/** A stretch of a sentence; one that carries an earned word is shown in its tone. */
export interface SentencePart {
  readonly text: string
  readonly tone?: 'better' | 'worse' | 'different'
}

/** One sentence of the answer, as every output says it. */
export interface Sentence {
  readonly parts: readonly SentencePart[]
  /** Made of contrasts of the family; others begin with "Seen, not tested". */
  readonly tested: boolean
}

export function sentenceText({ parts }: Sentence): string {
  return parts.map(({ text }) => text).join('')
}

/** "a", "a and b", "a, b and c" */
export function enumerated(items: readonly string[]): string {
  return items.length <= 1 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
}
