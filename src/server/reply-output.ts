import type { Connection } from '../network/network.ts'
import { ByteWriter } from '../protocol/byte-writer.ts'

/** From here on a value is not copied between its neighbours but written from where it lies. */
const LARGE_BYTES = 65_536
/** The most that is handed to a connection at once: TLS makes a copy of it. */
const WRITE_BYTES = 1_048_576

/**
 * Answers on their way to a connection. Small ones are gathered into one buffer and handed over in one write per batch; a
 * large value is referred to, never copied, and written piece by piece as the connection takes it. So an answer may be
 * larger than any buffer (MGET of nine values of 512 MB), and a reader who takes his time holds no second copy of it.
 *
 * Whoever encodes into it does not change the bytes of a large value afterwards.
 */
export class ReplyOutput extends ByteWriter {
  /** What comes before `bytes[#sealed, length)`, in order. */
  #pieces: Uint8Array[] = []
  /** The first piece that is not wholly written, and how much of it is. */
  #next = 0
  #written = 0
  /** Up to here the buffer belongs to pieces. */
  #sealed = 0
  #pieceBytes = 0
  /** Where `begin` was called. */
  #begun = { length: 0, sealed: 0, pieces: 0, pieceBytes: 0 }

  /** The connection has no room: what comes waits here. */
  #blocked = false

  /** Not yet handed to the connection. */
  get waitingBytes(): number {
    return this.#pieceBytes + this.length - this.#sealed
  }

  override raw(source: Uint8Array): void {
    if (source.length < LARGE_BYTES) {
      super.raw(source)
      return
    }
    this.#seal()
    this.#push(source)
  }

  /** The connection has room again. */
  drained(): void {
    this.#blocked = false
  }

  /** Hands over what the connection takes; the rest waits until it has `drained`. */
  flush(connection: Pick<Connection, 'write' | 'unsentBytes'>): void {
    if (this.waitingBytes === 0 || this.#blocked) return
    if (this.#pieces.length === 0) {
      this.#blocked = !connection.write(this.bytes.subarray(0, this.length))
      // A plain socket usually takes everything at once: then the buffer is ours again.
      if (connection.unsentBytes === 0) this.reset()
      else this.detach()
      return
    }
    this.#seal()
    if (this.length > 0) this.detach()
    this.#sealed = 0
    while (this.#next < this.#pieces.length && !this.#blocked) this.#writeSome(connection)
    if (this.#next < this.#pieces.length) return
    this.#pieces = []
    this.#next = 0
  }

  /** What is written from here on can be taken back, as long as nothing was flushed. Nothing is allocated an answer. */
  begin(): void {
    const begun = this.#begun
    begun.length = this.length
    begun.sealed = this.#sealed
    begun.pieces = this.#pieces.length
    begun.pieceBytes = this.#pieceBytes
  }

  /** Takes back what was written since `begin`. */
  takeBack(): void {
    const begun = this.#begun
    this.length = begun.length
    this.#sealed = begun.sealed
    this.#pieces.length = begun.pieces
    this.#pieceBytes = begun.pieceBytes
  }

  #writeSome(connection: Pick<Connection, 'write'>): void {
    const piece = this.#pieces[this.#next]!
    const to = Math.min(piece.length, this.#written + WRITE_BYTES)
    this.#pieceBytes -= to - this.#written
    this.#blocked = !connection.write(piece.subarray(this.#written, to))
    this.#written = to
    if (to < piece.length) return
    this.#pieces[this.#next++] = EMPTY
    this.#written = 0
  }

  #seal(): void {
    if (this.length > this.#sealed) this.#push(this.bytes.subarray(this.#sealed, this.length))
    this.#sealed = this.length
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#pieceBytes += piece.length
  }
}

const EMPTY = new Uint8Array(0)
