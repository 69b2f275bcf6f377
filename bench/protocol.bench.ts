// What the codecs cost per message: encoding and decoding commands and replies, RESP and memcached. Writes
// bench/results/protocol.json. Run: npm run bench -- protocol
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Bench, type Task } from 'tinybench'
import { ByteWriter } from '../src/protocol/byte-writer.ts'
import type { Command } from '../src/protocol/command.ts'
import { MemcachedCommandDecoder } from '../src/protocol/memcached-command-decoder.ts'
import { encodeMemcachedCommand } from '../src/protocol/memcached-command-encoder.ts'
import { MemcachedReplyDecoder } from '../src/protocol/memcached-reply-decoder.ts'
import { encodeMemcachedReply } from '../src/protocol/memcached-reply-encoder.ts'
import { ANSWER } from '../src/protocol/memcached-verbs.ts'
import { MemcachedValues, type Reply, SimpleString } from '../src/protocol/reply.ts'
import { RespCommandDecoder } from '../src/protocol/resp-command-decoder.ts'
import { encodeRespCommand } from '../src/protocol/resp-command-encoder.ts'
import { RespReplyDecoder } from '../src/protocol/resp-reply-decoder.ts'
import { encodeRespReply } from '../src/protocol/resp-reply-encoder.ts'

/** Messages per sample: a read's worth of a busy pipeline. */
const MESSAGES = 512
const value = Buffer.alloc(100, 'v')

const respCommands: Command[] = Array.from({ length: MESSAGES }, (_, n) => (n % 4 === 0 ? ['SET', `user:${n}`, value] : ['GET', `user:${n}`]))
const respReplies: Reply[] = Array.from({ length: MESSAGES }, (_, n) => (n % 4 === 0 ? SimpleString.ok : value))
const memcachedCommands: Command[] = Array.from({ length: MESSAGES }, (_, n) =>
  n % 4 === 0 ? ['set', `user:${n}`, '0', '60', value] : ['get', `user:${n}`],
)
const stored = new SimpleString('STORED')
const memcachedReplies: Reply[] = Array.from({ length: MESSAGES }, (_, n) =>
  n % 4 === 0 ? stored : new MemcachedValues([{ key: Buffer.from(`user:${n}`), flags: 0, value }]),
)

const out = new ByteWriter(1 << 20)
function bytesOf(write: () => void): Buffer {
  out.reset()
  write()
  return Buffer.from(out.bytes.subarray(0, out.length))
}

let seen = 0
const count = (): void => {
  seen++
}
const bench = new Bench({ name: 'protocol', time: 500, warmupTime: 200 })

bench.add('RESP command, encode', () => {
  out.reset()
  for (const command of respCommands) encodeRespCommand(out, command)
})
const respRequest = bytesOf(() => {
  for (const command of respCommands) encodeRespCommand(out, command)
})
const respServer = new RespCommandDecoder({ command: count, broken: fail })
bench.add('RESP command, decode', () => respServer.feed(respRequest))
bench.add('RESP reply, encode', () => {
  out.reset()
  for (const reply of respReplies) encodeRespReply(out, reply, 2)
})
const respAnswer = bytesOf(() => {
  for (const reply of respReplies) encodeRespReply(out, reply, 2)
})
const respClient = new RespReplyDecoder(count)
bench.add('RESP reply, decode', () => respClient.feed(respAnswer))
const pieces = Array.from({ length: Math.ceil(respAnswer.length / 1_000) }, (_, n) => respAnswer.subarray(n * 1_000, n * 1_000 + 1_000))
bench.add('RESP reply, decode in pieces of 1000 bytes', () => {
  for (const piece of pieces) respClient.feed(piece)
})
bench.add('memcached command, encode', () => {
  out.reset()
  for (const command of memcachedCommands) encodeMemcachedCommand(out, command)
})
const memcachedRequest = bytesOf(() => {
  for (const command of memcachedCommands) encodeMemcachedCommand(out, command)
})
const memcachedServer = new MemcachedCommandDecoder({ command: count, refused: fail, broken: fail })
bench.add('memcached command, decode', () => memcachedServer.feed(memcachedRequest))
bench.add('memcached reply, encode', () => {
  out.reset()
  for (const reply of memcachedReplies) encodeMemcachedReply(out, reply)
})
const memcachedAnswer = bytesOf(() => {
  for (const reply of memcachedReplies) encodeMemcachedReply(out, reply)
})
const memcachedClient = new MemcachedReplyDecoder(count)
bench.add('memcached reply, decode', () => {
  for (let n = 0; n < MESSAGES; n++) memcachedClient.expect(n % 4 === 0 ? ANSWER.line : ANSWER.values)
  memcachedClient.feed(memcachedAnswer)
})

await bench.run()
if (seen === 0) throw new Error('nothing was decoded')

const measured = Object.fromEntries(bench.tasks.map((task) => [task.name, nanosPerMessage(task)]))
console.table(measured)
const folder = fileURLToPath(new URL('../../bench/results', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(
  `${folder}/protocol.json`,
  `${JSON.stringify({ node: process.version, messagesPerSample: MESSAGES, valueBytes: value.length, nanosPerMessage: measured }, undefined, 2)}\n`,
)

function nanosPerMessage({ name, result }: Task): { minNanos: number; medianNanos: number } {
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
  const { min, p50 } = result.latency
  const nanos = (millis: number): number => Math.round((millis * 1e7) / MESSAGES) / 10
  return { minNanos: nanos(min), medianNanos: nanos(p50) }
}

function fail(): never {
  throw new Error('the bench feeds nothing that is refused')
}
