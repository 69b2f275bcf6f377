import type { CommandSpec } from '../../src/engine/redis/command-spec.ts'
import type { CommandTable } from '../../src/engine/redis/command-table.ts'
import { ByteWriter } from '../../src/protocol/byte-writer.ts'
import type { Command } from '../../src/protocol/command.ts'
import type { Reply } from '../../src/protocol/reply.ts'
import { MapReply, ReplyError, SetReply } from '../../src/protocol/reply.ts'
import { encodeRespReply } from '../../src/protocol/resp-reply-encoder.ts'

/**
 * Whether two replies to the same command say the same: their frames, byte for byte. What a command's own entry
 * declares free is taken out first and nothing else: order, chance, and the time that passes between the sides.
 */
export function sameReply(table: CommandTable, command: Command, a: Reply, b: Reply, protocol: 2 | 3): boolean {
  if (frameOf(a, protocol) === frameOf(b, protocol)) return true
  const spec = table.resolve(command)
  if (spec instanceof ReplyError) return false
  const free = freedomOf(spec)
  if (free === 'none') return false
  if (free === 'any') return !(a instanceof ReplyError) && !(b instanceof ReplyError)
  if (free === 'time') return sameTime(spec.name, a, b)
  if (free === 'order') return sorted(a, spec.name, protocol) === sorted(b, spec.name, protocol)
  if (free === 'scan') return sameScan(a, b, spec.name, protocol)
  return sameShape(a, b, protocol)
}

const writer = new ByteWriter()

/** The reply as it stands on the wire, one character a byte. */
export function frameOf(reply: Reply, protocol: 2 | 3): string {
  writer.reset()
  encodeRespReply(writer, reply, protocol)
  return writer.bytes.toString('latin1', 0, writer.length)
}

type Freedom = 'none' | 'order' | 'scan' | 'time' | 'chance' | 'any'

const TIMES: ReadonlySet<string> = new Set(['ttl', 'pttl', 'expiretime', 'pexpiretime'])
const SCANS: ReadonlySet<string> = new Set(['hscan', 'zscan', 'scan'])
/** Numbers of connections and estimates of memory, which COMMAND INFO does not call random. */
const CHANCE: ReadonlySet<string> = new Set(['hello', 'client|id', 'memory|usage'])
/** Named random in COMMAND INFO, though it is not where we use it. */
const EXACT: ReadonlySet<string> = new Set(['object|encoding'])

function freedomOf(spec: CommandSpec): Freedom {
  if (TIMES.has(spec.name)) return 'time'
  if (SCANS.has(spec.name)) return 'scan'
  if (EXACT.has(spec.name)) return 'none'
  if (spec.name === 'command') return 'any'
  if (CHANCE.has(spec.name)) return 'chance'
  if (spec.tips.includes('nondeterministic_output_order')) return 'order'
  return spec.tips.includes('nondeterministic_output') ? 'chance' : 'none'
}

/** The sides work at moments that lie apart by what a busy machine takes; generated times to live are far longer. */
const SLACK_MILLIS = 30_000

function sameTime(name: string, a: Reply, b: Reply): boolean {
  if (typeof a !== 'number' || typeof b !== 'number' || a < 0 || b < 0) return false
  return Math.abs(a - b) * (name.startsWith('p') ? 1 : 1000) <= SLACK_MILLIS
}

function itemsOf(reply: Reply): readonly Reply[] | undefined {
  if (reply instanceof MapReply) return reply.flat
  if (reply instanceof SetReply) return reply.members
  return Array.isArray(reply) ? reply : undefined
}

/** Items in pairs where they come as field and value. */
function sorted(reply: Reply, name: string, protocol: 2 | 3): string | undefined {
  const items = itemsOf(reply)
  if (!items) return undefined
  const paired = name === 'hgetall' || name === 'hscan' || name === 'zscan'
  const frames: string[] = []
  const step = paired && items.length % 2 === 0 ? 2 : 1
  for (let i = 0; i < items.length; i += step) {
    frames.push(frameOf(items[i]!, protocol) + (step === 2 ? frameOf(items[i + 1]!, protocol) : ''))
  }
  const kind = reply instanceof MapReply ? 'map' : reply instanceof SetReply ? 'set' : 'array'
  return `${protocol === 3 ? kind : 'array'} ${frames.sort().join('')}`
}

/** Whole collections are compared as sets; parts of one differ by how the tables are laid out. */
function sameScan(a: Reply, b: Reply, name: string, protocol: 2 | 3): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== 2 || b.length !== 2) return false
  const whole = (reply: readonly Reply[]) => frameOf(reply[0]!, protocol) === '$1\r\n0\r\n'
  if (!whole(a) || !whole(b)) return true
  return sorted(a[1] as Reply, name, protocol) === sorted(b[1] as Reply, name, protocol)
}

/** Same kind, and as many of them. */
function sameShape(a: Reply, b: Reply, protocol: 2 | 3): boolean {
  if (a instanceof ReplyError || b instanceof ReplyError) return false
  const left = itemsOf(a)
  const right = itemsOf(b)
  if (left && right) return left.length === right.length && left.every((item, i) => sameShape(item, right[i]!, protocol))
  if (left || right) return false
  return kindOf(a, protocol) === kindOf(b, protocol)
}

/** The type byte on the wire; an integer's is one whatever its size. */
const kindOf = (reply: Reply, protocol: 2 | 3) => (reply === null ? 'null' : frameOf(reply, protocol)[0])
