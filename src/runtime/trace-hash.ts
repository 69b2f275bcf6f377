/** A running 64-bit hash (two FNV-1a lanes of 32 bits) over numbers; for comparing two runs, not for security. */
export class TraceHash {
  #low = 0x811c9dc5
  #high = 0xcbf29ce4

  add(a: number, b: number): void {
    this.#mix(a >>> 0)
    this.#mix(Math.floor(a / 4294967296) >>> 0)
    this.#mix(b >>> 0)
  }

  hex(): string {
    return (this.#high >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0')
  }

  #mix(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193)
    this.#high = Math.imul(this.#high ^ (word + (this.#low >>> 15)), 0x85ebca6b)
    this.#high ^= this.#high >>> 13
  }
}
