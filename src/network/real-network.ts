import { lookup } from 'node:dns'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { type Address, checkAddress } from './address.ts'
import { failureOf } from './closed.ts'
import type { Connection, ConnectionEvents, DialOptions, Network } from './network.ts'
import { onReadInto } from './read-into-one-buffer.ts'
import { RealConnection } from './real-connection.ts'
import { RealListener } from './real-listener.ts'

/** The sockets of the system this runs on. */
export const REAL_NETWORK: Network = {
  kind: 'real',
  listen(address, accept, told, options = {}) {
    checkAddress(address, 0)
    return new RealListener(address, accept, told, options)
  },
  dial,
  resolve(name, told) {
    lookup(name, { all: true }, (error, addresses) => {
      told(error ? failureOf(error) : { why: undefined, addresses: addresses.map(({ address }) => address) })
    })
  },
}

function dial(address: Address, events: ConnectionEvents, { tls }: DialOptions = {}): Connection {
  checkAddress(address)
  const where = 'path' in address ? { path: address.path } : { host: address.host, port: address.port }
  let connection: RealConnection | undefined
  const data = (chunk: Buffer): void => connection?.receive(chunk)
  let socket: Socket
  if (tls) {
    // The types forget `allowHalfOpen`, which `tls.connect` hands on to the socket.
    const options: ConnectionOptions & { readonly allowHalfOpen: true } = { ...tls, ...where, allowHalfOpen: true }
    socket = connectTls(options)
    socket.setNoDelay(true)
    socket.on('data', data)
  } else {
    socket = connect({ ...where, noDelay: true, allowHalfOpen: true, onread: onReadInto(data) })
  }
  connection = new RealConnection(socket, tls ? 'tls' : 'none', false, address)
  connection.tell(events)
  socket.once(tls ? 'secureConnect' : 'connect', () => connection.connected())
  return connection
}
