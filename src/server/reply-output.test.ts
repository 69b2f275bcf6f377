import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { encodeRespReply } from '../protocol/resp-reply-encoder.ts'
import { ReplyOutput } from './reply-output.ts'

/** A socket that takes one write at a time and is done with it when it is told. */
class SlowSocket extends Writable {
  readonly writes: Buffer[] = []
  #done: (() => void) | undefined

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk)
    this.#done = done
  }

  get unsentBytes(): number {
    return this.writableLength
  }

  /** The kernel takes what was written; true when there was something. */
  take(): boolean {
    const done = this.#done
    this.#done = undefined
    done?.()
    return done !== undefined
  }

  get text(): string {
    return Buffer.concat(this.writes).toString('latin1')
  }
}

async function takeAll(out: ReplyOutput, socket: SlowSocket): Promise<void> {
  for (;;) {
    out.flush(socket)
    if (!socket.take() && out.waitingBytes === 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const large = (fill: string, size = 3_000_000) => new Uint8Array(Buffer.alloc(size, fill))

it('writes small and large answers in their order, the large ones piece by piece and from where they lie', async () => {
  const out = new ReplyOutput()
  const socket = new SlowSocket()
  socket.on('drain', () => out.drained())
  const value = large('v')
  const replies = [1, value, new Uint8Array([97]), [large('w', 70_000), null, value], 2]
  for (const reply of replies) encodeRespReply(out, reply, 2)
  const expected = `:1\r\n$3000000\r\n${'v'.repeat(3e6)}\r\n$1\r\na\r\n*3\r\n$70000\r\n${'w'.repeat(70_000)}\r\n$-1\r\n$3000000\r\n${'v'.repeat(3e6)}\r\n:2\r\n`
  expect(out.waitingBytes).toBe(expected.length)
  out.flush(socket)
  expect(socket.writableLength).toBeLessThan(1_100_000)
  expect(out.waitingBytes + socket.writableLength).toBe(expected.length)
  // What comes meanwhile waits behind it.
  encodeRespReply(out, 3, 2)
  await takeAll(out, socket)
  expect(socket.text === `${expected}:3\r\n`).toBe(true)
  expect(socket.writes.filter((chunk) => chunk.buffer === value.buffer)).toHaveLength(6)
  encodeRespReply(out, 4, 2)
  await takeAll(out, socket)
  expect(socket.text.endsWith(':3\r\n:4\r\n')).toBe(true)
})

it('takes back what was begun, be it small or large', async () => {
  const out = new ReplyOutput()
  const socket = new SlowSocket()
  socket.on('drain', () => out.drained())
  for (const before of [1, large('a', 70_000)]) {
    encodeRespReply(out, before, 2)
    out.begin()
    encodeRespReply(out, [5, large('b', 80_000), 6], 2)
    out.takeBack()
  }
  encodeRespReply(out, 7, 2)
  await takeAll(out, socket)
  expect(socket.text === `:1\r\n$70000\r\n${'a'.repeat(70_000)}\r\n:7\r\n`).toBe(true)
})
