import type { ByteWriter } from './byte-writer.ts'
import { MemcachedValues, MetaReply, type Reply, ReplyError, SimpleString } from './reply.ts'

/**
 * A reply as memcached text or meta bytes, appended to `out`. Numbers are the answers of incr and decr; texts hold
 * one byte a character.
 */
export function encodeMemcachedReply(out: ByteWriter, reply: Reply): void {
  if (reply instanceof MemcachedValues) {
    values(out, reply)
  } else if (reply instanceof SimpleString || reply instanceof ReplyError) {
    out.latin1(reply.text)
    out.crlf()
  } else if (reply instanceof MetaReply) {
    meta(out, reply)
  } else if (typeof reply === 'number' || typeof reply === 'bigint') {
    out.latin1(reply.toString())
    out.crlf()
  } else {
    throw new TypeError('encodeMemcachedReply: a RESP reply has no memcached form')
  }
}

function values(out: ByteWriter, reply: MemcachedValues): void {
  for (const item of reply.items) {
    if (reply.kind === 'stats') {
      out.latin1('STAT ')
      out.raw(item.key)
      out.byte(32)
      out.raw(item.value)
      out.crlf()
      continue
    }
    out.latin1(reply.kind === 'config' ? 'CONFIG ' : 'VALUE ')
    out.raw(item.key)
    out.byte(32)
    out.integer(item.flags)
    out.byte(32)
    out.integer(item.value.length)
    if (item.cas !== undefined) {
      out.byte(32)
      out.latin1(item.cas.toString())
    }
    out.crlf()
    out.raw(item.value)
    out.crlf()
  }
  out.latin1('END\r\n')
}

function meta(out: ByteWriter, reply: MetaReply): void {
  out.latin1(reply.code)
  if (reply.value) {
    out.byte(32)
    out.integer(reply.value.length)
  }
  for (const flag of reply.flags) {
    out.byte(32)
    out.latin1(flag)
  }
  out.crlf()
  if (reply.value) {
    out.raw(reply.value)
    out.crlf()
  }
}
