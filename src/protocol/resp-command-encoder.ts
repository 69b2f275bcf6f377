import { type ByteWriter, wordLength } from './byte-writer.ts'
import type { Command } from './command.ts'

const CR = 13
const LF = 10

/**
 * A command as a RESP array of bulk strings, appended to `out`. Data plane: one pass, no allocation per command.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function encodeRespCommand(out: ByteWriter, command: Command): void {
  out.reserve(20)
  out.bytes[out.length++] = 42 // *
  out.integer(command.length)
  out.crlf()
  for (let i = 0; i < command.length; i++) {
    const word = command[i]!
    const count = wordLength(word)
    out.reserve(count + 24)
    out.bytes[out.length++] = 36 // $
    out.integer(count)
    out.crlf()
    out.word(word)
    out.reserve(2)
    out.bytes[out.length++] = CR
    out.bytes[out.length++] = LF
  }
}
