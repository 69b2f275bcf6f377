import type { ByteWriter } from './byte-writer.ts'
import {
  BigNumberReply,
  DoubleReply,
  MapReply,
  MemcachedValues,
  MetaReply,
  NullArray,
  PushReply,
  type Reply,
  ReplyError,
  SetReply,
  SimpleString,
  VerbatimReply,
} from './reply.ts'

/**
 * A reply as RESP bytes, appended to `out`. RESP2 flattens maps, sets, pushes and doubles and tells the two kinds
 * of null apart; RESP3 has one null. Texts of simple strings and errors hold one byte a character (Latin-1), so
 * that an error which quotes an argument gives back the argument's bytes; CR and LF in them become blanks, as
 * `addReplyErrorFormat` of redis-server does it.
 */
export function encodeRespReply(out: ByteWriter, reply: Reply, version: 2 | 3): void {
  if (reply === null) {
    out.latin1(version === 2 ? '$-1\r\n' : '_\r\n')
  } else if (reply instanceof Uint8Array) {
    out.byte(36)
    out.integer(reply.length)
    out.crlf()
    out.raw(reply)
    out.crlf()
  } else if (typeof reply === 'number') {
    out.byte(58)
    out.integer(reply)
    out.crlf()
  } else if (reply instanceof SimpleString) {
    if (reply === SimpleString.ok) out.latin1('+OK\r\n')
    else line(out, 43, reply.text)
  } else if (Array.isArray(reply)) {
    header(out, 42, reply.length)
    for (let i = 0; i < reply.length; i++) encodeRespReply(out, reply[i] as Reply, version)
  } else if (reply instanceof ReplyError) {
    line(out, 45, reply.text)
  } else {
    encodeRare(out, reply as RareReply, version)
  }
}

type RareReply = Exclude<Reply, null | number | Uint8Array | SimpleString | ReplyError | readonly Reply[]>

function encodeRare(out: ByteWriter, reply: RareReply, version: 2 | 3): void {
  if (typeof reply === 'bigint') {
    out.byte(58)
    out.latin1(reply.toString())
    out.crlf()
  } else if (typeof reply === 'boolean') {
    out.latin1(version === 3 ? (reply ? '#t\r\n' : '#f\r\n') : reply ? ':1\r\n' : ':0\r\n')
  } else if (reply instanceof NullArray) {
    out.latin1(version === 2 ? '*-1\r\n' : '_\r\n')
  } else if (reply instanceof MapReply) {
    if (version === 3) header(out, 37, reply.flat.length >> 1)
    else header(out, 42, reply.flat.length)
    for (const item of reply.flat) encodeRespReply(out, item, version)
  } else if (reply instanceof SetReply) {
    header(out, version === 3 ? 126 : 42, reply.members.length)
    for (const item of reply.members) encodeRespReply(out, item, version)
  } else if (reply instanceof PushReply) {
    header(out, version === 3 ? 62 : 42, reply.items.length)
    for (const item of reply.items) encodeRespReply(out, item, version)
  } else if (reply instanceof DoubleReply) {
    if (version === 3) line(out, 44, reply.text)
    else bulkText(out, reply.text)
  } else if (reply instanceof BigNumberReply) {
    if (version === 3) line(out, 40, reply.text)
    else bulkText(out, reply.text)
  } else if (reply instanceof VerbatimReply) {
    if (version === 2) {
      encodeRespReply(out, reply.bytes, 2)
      return
    }
    header(out, 61, reply.bytes.length + 4)
    out.latin1(reply.format)
    out.byte(58)
    out.raw(reply.bytes)
    out.crlf()
  } else if (reply instanceof MemcachedValues || reply instanceof MetaReply) {
    throw new TypeError('encodeRespReply: a memcached reply has no RESP form')
  } else {
    throw new TypeError(`encodeRespReply: not a reply: ${typeof reply}`)
  }
}

function header(out: ByteWriter, type: number, count: number): void {
  out.byte(type)
  out.integer(count)
  out.crlf()
}

function bulkText(out: ByteWriter, text: string): void {
  header(out, 36, text.length)
  out.latin1(text)
  out.crlf()
}

function line(out: ByteWriter, type: number, text: string): void {
  out.byte(type)
  out.latin1(text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, ' ') : text)
  out.crlf()
}
