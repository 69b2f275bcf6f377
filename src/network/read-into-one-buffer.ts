import { type OnReadOpts, Socket } from 'node:net'

/**
 * Every plain connection reads into this one buffer: libuv fills it and calls back at once, and whoever is given the bytes
 * copies what it keeps before it returns. That spares the allocation and the stream machinery of a 'data' event per read.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536)

/** For `net.connect` and `new Socket`. */
export function onReadInto(data: (chunk: Buffer) => void): OnReadOpts {
  return {
    buffer: READ_BUFFER,
    callback: (count, bytes) => {
      data((bytes as Buffer).subarray(0, count))
      return true
    },
  }
}

/** What of Node's inside is touched here, and nowhere else. */
interface Inside {
  _handle?: { readonly readStart?: unknown } | null
}

/**
 * The same connection with its bytes told through `data`. `accepted` comes from a server with `pauseOnConnect`, so that
 * nothing has been read yet. Node has no `onread` for those: the handle moves into a socket that has. Where there
 * is no such handle, the accepted socket itself tells its bytes, a little slower.
 */
export function readAccepted(accepted: Socket, data: (chunk: Buffer) => void): Socket {
  const inside = accepted as Inside
  const handle = inside._handle
  if (typeof handle?.readStart !== 'function') {
    accepted.on('data', data)
    accepted.resume()
    return accepted
  }
  const { allowHalfOpen } = accepted
  inside._handle = null
  // Without its handle this closes nothing: the server stops counting it.
  accepted.destroy()
  return new Socket({ handle, allowHalfOpen, onread: onReadInto(data) } as ConstructorParameters<typeof Socket>[0])
}
