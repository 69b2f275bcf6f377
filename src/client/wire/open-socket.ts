import { connect, type OnReadOpts, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { NodeAddress } from '../routing/routing.ts'

/**
 * Every plain connection reads into this one buffer: libuv fills it and calls back at once, and decoders copy what
 * they keep before they return. That spares the allocation and the stream machinery of a 'data' event per read.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536)

export interface SocketEvents {
  connected(): void
  data(chunk: Buffer): void
  drained(): void
  /** Once; with the error if there was one. */
  closed(error: NodeJS.ErrnoException | undefined): void
}

/** Opens a TCP or TLS connection; what happens to it is told through `events`. The chunk is valid during the call only. */
export function openSocket(node: NodeAddress, tls: ConnectionOptions | undefined, events: SocketEvents): Socket {
  const { host, port } = node
  const onread: OnReadOpts = {
    buffer: READ_BUFFER,
    callback: (count, bytes) => {
      events.data((bytes as Buffer).subarray(0, count))
      return true
    },
  }
  const socket: Socket = tls ? connectTls({ ...tls, host, port }) : connect({ host, port, noDelay: true, onread })
  if (tls) {
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => events.data(chunk))
  }
  let failure: NodeJS.ErrnoException | undefined
  socket.once(tls ? 'secureConnect' : 'connect', () => events.connected())
  socket.on('drain', () => events.drained())
  socket.on('error', (error) => {
    failure = error
  })
  // Half-open makes no sense here: a server that has ended its side answers nothing more.
  socket.once('end', () => socket.destroy())
  socket.once('close', () => events.closed(failure))
  return socket
}
