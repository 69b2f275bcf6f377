import { UnexpectedReply } from '../../client/cache/unexpected-reply.ts'
import type { Command } from '../../protocol/command.ts'
import { MemcachedValues, MetaReply, NullArray, type Reply, SimpleString } from '../../protocol/reply.ts'
import { commandName } from '../../targets/preflight/try-commands.ts'

/** What answers a command, in words, and whether a reply is that; also of RESP2, which all clients speak here. */
interface Due {
  readonly words: string
  is(reply: Reply): boolean
}

const isNull = (reply: Reply) => reply === null || reply instanceof NullArray
const STATUS: Due = { words: 'a status', is: (reply) => reply instanceof SimpleString || isNull(reply) }
const NUMBER: Due = { words: 'a number', is: (reply) => typeof reply === 'number' || typeof reply === 'bigint' || isNull(reply) }
const STRING: Due = { words: 'a string', is: (reply) => reply instanceof Uint8Array || isNull(reply) }
const LIST: Due = { words: 'a list', is: (reply) => Array.isArray(reply) }
const WORD: Due = { words: 'a word', is: (reply) => reply instanceof SimpleString }
const COUNT: Due = { words: 'a number', is: (reply) => typeof reply === 'number' || typeof reply === 'bigint' || reply instanceof SimpleString }
const VALUES: Due = { words: 'values', is: (reply) => reply instanceof MemcachedValues && reply.kind === 'values' }
const META: Due = { words: 'a meta answer', is: (reply) => reply instanceof MetaReply }

const commands = (due: Due, ...names: readonly string[]) => names.map((name): [string, Due] => [name, due])

const DUE: ReadonlyMap<string, Due> = new Map([
  ...commands(STATUS, 'PING', 'SET', 'TYPE'),
  ...commands(STRING, 'GET', 'GETEX', 'INCRBYFLOAT', 'GETRANGE', 'HGET', 'ZINCRBY', 'ZSCORE'),
  ...commands(NUMBER, 'INCR', 'EXPIRE', 'STRLEN', 'EXISTS', 'TTL', 'DEL', 'HSET', 'HINCRBY', 'ZADD', 'ZRANK', 'ZCARD'),
  ...commands(LIST, 'MGET', 'HMGET', 'HGETALL', 'ZRANGE', 'ZRANGEBYSCORE'),
  ...commands(VALUES, 'get', 'gets', 'gat'),
  ...commands(WORD, 'set', 'add', 'replace', 'touch', 'delete'),
  ...commands(COUNT, 'incr'),
  ...commands(META, 'mn', 'mg', 'ms', 'ma'),
])

/** Throws `UnexpectedReply` at what answers no such command: how long it took is then the time of nothing. */
export function checkAnswer(command: Command, reply: Reply): void {
  const due = DUE.get(commandName(command))
  if (due !== undefined && !due.is(reply)) throw new UnexpectedReply(due.words, reply)
}
