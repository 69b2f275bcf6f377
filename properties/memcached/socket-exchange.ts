import { connect, type Socket } from 'node:net'
import { type ByteExchange, countMarks, MARK } from './marked-endpoint.ts'

export interface SocketExchange extends ByteExchange {
  close(): void
}

/** Nothing that is compared takes seconds: a server that says nothing for so long has lost the thread. */
const PATIENCE_MILLIS = 10_000
/** The answers to one pipeline; what is compared are small values. */
const LARGEST_ANSWER_BYTES = 67_108_864

/** A real endpoint. Rejects when it can't be reached, ends the connection or falls silent. */
export async function openSocketExchange(name: string, host: string, port: number): Promise<SocketExchange> {
  const socket = await open(host, port)
  let received: Buffer[] = []
  let tail: Buffer = Buffer.alloc(0)
  let receivedBytes = 0
  let wanted = 0
  let settle: ((error?: Error) => void) | undefined
  socket.on('data', (chunk: Buffer) => {
    received.push(chunk)
    receivedBytes += chunk.length
    if (receivedBytes > LARGEST_ANSWER_BYTES) {
      received = []
      settle?.(new Error(`${name} sends more than the ${LARGEST_ANSWER_BYTES / 1_048_576} MiB that any answer needs`))
      socket.destroy()
      return
    }
    tail = Buffer.concat([tail, chunk.subarray(-MARK.length)]).subarray(-MARK.length)
    // The last answer is a mark: only then is it worth counting them.
    if (settle && tail.equals(MARK) && countMarks(Buffer.concat(received)) >= wanted) settle()
  })
  const fail = () => settle?.(new Error(`${name} ended the connection`))
  socket.on('error', fail)
  socket.on('close', fail)
  return {
    name,
    steady: false,
    exchange: (data, markers) =>
      new Promise<Buffer>((resolve, reject) => {
        if (socket.destroyed) {
          reject(new Error(`${name} has closed the connection`))
          return
        }
        received = []
        receivedBytes = 0
        tail = Buffer.alloc(0)
        wanted = markers
        const silent = () => settle?.(Object.assign(new Error(`${name} did not answer within ${PATIENCE_MILLIS / 1000} s`), { code: 'timeout' }))
        const timer = setTimeout(silent, PATIENCE_MILLIS)
        settle = (error) => {
          clearTimeout(timer)
          settle = undefined
          if (error) reject(error)
          else resolve(Buffer.concat(received))
        }
        socket.write(data)
      }),
    close: () => {
      socket.destroy()
    },
  }
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}
