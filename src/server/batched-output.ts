import type { Socket } from 'node:net'
import { ByteWriter } from '../protocol/byte-writer.ts'

/**
 * What is to be written to a socket, gathered into one buffer and handed over in one write per batch.
 *
 * The buffer is used again as soon as the kernel has all of it: on a plain socket libuv tries the write at once,
 * and when it took everything `writableLength` is 0 before `write` returns. When it did not (a full socket, TLS),
 * the buffer belongs to the stream from then on and a new one is begun.
 */
export class BatchedOutput extends ByteWriter {
  /** Hands over what was gathered. False: the socket's own buffer is full, wait for 'drain'. */
  flush(socket: Socket): boolean {
    if (this.length === 0) return true
    const content = this.bytes.subarray(0, this.length)
    const roomy = socket.write(content)
    if (socket.writableLength === 0) this.reset()
    else this.detach()
    return roomy
  }
}
