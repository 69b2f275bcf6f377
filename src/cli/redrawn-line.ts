import type { Output } from './live-progress.ts'

/** One line at the bottom of a terminal that is drawn again and again, and lines above it that stay. */
export class RedrawnLine {
  readonly #output: Output
  #drawn = false

  constructor(output: Output) {
    this.#output = output
  }

  draw(text: string): void {
    const columns = this.#output.columns || 100
    // A line that would wrap could not be redrawn; a terminal without a size says 0.
    const fitted = text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`
    this.#output.write(`\r\x1b[K${fitted}`)
    this.#drawn = true
  }

  clear(): void {
    if (this.#drawn) this.#output.write('\r\x1b[K')
    this.#drawn = false
  }

  line(text: string): void {
    this.clear()
    this.#output.write(`${text}\n`)
  }
}
