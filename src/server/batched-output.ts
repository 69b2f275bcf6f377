import type { Connection } from '../network/network.ts'
import { ByteWriter } from '../protocol/byte-writer.ts'

/**
 * What is to be written to a connection, gathered into one buffer and handed over in one write per batch.
 *
 * The buffer is used again as soon as it is ours again, which on a plain socket is usually before `write` returns. When it
 * is not (a full socket, TLS), it belongs to the network from then on and a new one is begun.
 */
export class BatchedOutput extends ByteWriter {
  /** Hands over what was gathered. False: there is no room for more, wait for `drained`. */
  flush(connection: Pick<Connection, 'write' | 'unsentBytes'>): boolean {
    if (this.length === 0) return true
    const roomy = connection.write(this.bytes.subarray(0, this.length))
    if (connection.unsentBytes === 0) this.reset()
    else this.detach()
    return roomy
  }
}
