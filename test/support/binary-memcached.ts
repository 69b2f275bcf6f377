import type { Socket } from 'node:net'
import { FakeServer } from './fake-server.ts'

const HEADER_BYTES = 24
const RESPONSE = 0x81
const REQUEST = 0x80

/** One request of the binary protocol, as far as a fake must know it. */
export interface BinaryRequest {
  readonly opcode: number
  readonly opaque: number
  readonly key: string
  /** How many came before it. */
  readonly nth: number
}

export interface BinaryAnswer {
  readonly status: number
  readonly opcode?: number
  readonly opaque?: number
  readonly value?: Buffer
  /** What the header says of the length behind it, where that is not so. */
  readonly announcedBytes?: number
  /** What it says of the key's. */
  readonly keyBytes?: number
}

/** Something other than an answer: these bytes, bytes without end, or the end of the connection. */
export type BinaryDeed = { readonly bytes: Buffer } | { readonly endless: true } | { readonly over: 'end' | 'reset' }

const GET = 0
/** Increment and decrement, which are answered with a number of 64 bits. */
const COUNTING: ReadonlySet<number> = new Set([5, 6])
const ONE = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])
const OK = 0
const NOT_FOUND = 1

/**
 * A Memcached that speaks the binary protocol as memjs does (protocol_binary.h of memcached), empty of all items, and the
 * text protocol's `version` and `stats` for whoever gets acquainted. `answer` may say more or something else.
 */
export function startBinaryMemcached(
  answer: (request: BinaryRequest) => readonly (BinaryAnswer | BinaryDeed)[] | undefined,
  accept?: (socket: Socket, connection: number) => void,
): Promise<FakeServer> {
  let nth = 0
  return FakeServer.start((socket, connection) => {
    let read = Buffer.alloc(0)
    accept?.(socket, connection)
    socket.on('data', (chunk: Buffer) => {
      read = Buffer.concat([read, chunk])
      if (read[0] !== undefined && read[0] !== REQUEST) {
        answerText(socket, read.toString('latin1'))
        read = Buffer.alloc(0)
      }
      while (read.length >= HEADER_BYTES && read.length >= HEADER_BYTES + read.readUInt32BE(8)) {
        const body = HEADER_BYTES + read[4]!
        const request = {
          opcode: read[1]!,
          opaque: read.readUInt32BE(12),
          key: read.toString('utf8', body, body + read.readUInt16BE(2)),
          nth: nth++,
        }
        read = read.subarray(HEADER_BYTES + read.readUInt32BE(8))
        const answers = answer(request) ?? [
          { status: request.opcode === GET ? NOT_FOUND : OK, ...(COUNTING.has(request.opcode) ? { value: ONE } : {}) },
        ]
        for (const one of answers) carryOut(socket, request, one)
      }
    })
  })
}

function carryOut(socket: Socket, request: BinaryRequest, one: BinaryAnswer | BinaryDeed): void {
  if (socket.destroyed || socket.writableEnded) return
  if ('status' in one) socket.write(encodeBinaryAnswer(request, one))
  else if ('bytes' in one) socket.write(one.bytes)
  else if ('endless' in one) pour(socket)
  else if (one.over === 'end') socket.end()
  else socket.resetAndDestroy()
}

export function encodeBinaryAnswer(request: BinaryRequest, answer: BinaryAnswer): Buffer {
  const { status, opcode, opaque, value = Buffer.alloc(0), announcedBytes = value.length, keyBytes = 0 } = answer
  const header = Buffer.alloc(HEADER_BYTES)
  header[0] = RESPONSE
  header[1] = opcode ?? request.opcode
  header.writeUInt16BE(keyBytes, 2)
  header.writeUInt16BE(status, 6)
  header.writeUInt32BE(announcedBytes, 8)
  header.writeUInt32BE(opaque ?? request.opaque, 12)
  return Buffer.concat([header, value])
}

const POURED = Buffer.alloc(65_536, 'x')

function pour(socket: Socket): void {
  if (socket.listenerCount('drain') > 0) return
  const more = () => {
    while (!socket.destroyed && socket.write(POURED)) {}
  }
  socket.on('drain', more)
  more()
}

function answerText(socket: Socket, text: string): void {
  for (const line of text.split('\r\n')) {
    if (line === 'version') socket.write('VERSION 1.6.18\r\n')
    else if (line.startsWith('stats')) socket.write('END\r\n')
  }
}
