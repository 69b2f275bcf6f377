import type { Command } from '../../protocol/command.ts'
import { type CommandSample, KEYS, VALUE } from './command-sample.ts'

const FIELDS = 10
const MEMBERS = 100
const LIFETIME_SECONDS = '3600'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index)
const string = (prefix: string, index: number) => `${prefix}string:${index % KEYS}`
const counter = (prefix: string) => `${prefix}counter`
const float = (prefix: string) => `${prefix}float`
const hash = (prefix: string) => `${prefix}hash`
const board = (prefix: string) => `${prefix}board`

const strings = (prefix: string): Command[] => numbered(KEYS).map((index) => ['SET', string(prefix, index), VALUE, 'EX', LIFETIME_SECONDS])
const lifetime = (key: string): Command => ['EXPIRE', key, LIFETIME_SECONDS]
const theCounter = (prefix: string): Command[] => [['SET', counter(prefix), '1', 'EX', LIFETIME_SECONDS]]
const theFloat = (prefix: string): Command[] => [['SET', float(prefix), '1.5', 'EX', LIFETIME_SECONDS]]
const theHash = (prefix: string): Command[] => [
  ['HSET', hash(prefix), ...numbered(FIELDS).flatMap((index) => [`field:${index}`, String(index)])],
  lifetime(hash(prefix)),
]
const theBoard = (prefix: string): Command[] => [
  ['ZADD', board(prefix), ...numbered(MEMBERS).flatMap((index) => [String(index * 10), `member:${index}`])],
  lifetime(board(prefix)),
]

type Make = (prefix: string, index: number) => Command

const sample = (name: string, prepare: CommandSample['prepare'], command: Make, does = name): CommandSample => ({
  does,
  name,
  command,
  ...(prepare === undefined ? {} : { prepare }),
})

/** What is measured of Redis and Valkey: ten fields a hash, a hundred members a sorted set, values of 100 bytes. */
export const REDIS_SAMPLES: readonly CommandSample[] = [
  sample('PING', undefined, () => ['PING'], 'ping'),
  sample('GET', strings, (p, i) => ['GET', string(p, i)], 'get'),
  sample('SET', strings, (p, i) => ['SET', string(p, i), VALUE, 'EX', LIFETIME_SECONDS], 'set'),
  sample('SET NX', strings, (p, i) => ['SET', string(p, i), VALUE, 'EX', LIFETIME_SECONDS, 'NX'], 'add'),
  sample('INCR', theCounter, (p) => ['INCR', counter(p)], 'incr'),
  sample('EXPIRE', strings, (p, i) => ['EXPIRE', string(p, i), LIFETIME_SECONDS], 'touch'),
  sample('GETEX', strings, (p, i) => ['GETEX', string(p, i), 'EX', LIFETIME_SECONDS], 'get and touch'),
  sample('MGET (10)', strings, (p, i) => ['MGET', ...numbered(10).map((n) => string(p, i + n))], 'get 10'),
  sample('INCRBYFLOAT', theFloat, (p) => ['INCRBYFLOAT', float(p), '0.5']),
  sample('GETRANGE', strings, (p, i) => ['GETRANGE', string(p, i), '10', '19']),
  sample('STRLEN', strings, (p, i) => ['STRLEN', string(p, i)]),
  sample('EXISTS', strings, (p, i) => ['EXISTS', string(p, i)]),
  sample('TTL', strings, (p, i) => ['TTL', string(p, i)]),
  sample('TYPE', strings, (p, i) => ['TYPE', string(p, i)]),
  sample('DEL (absent)', undefined, (p) => ['DEL', `${p}absent`], 'delete absent'),
  sample('HSET', theHash, (p, i) => ['HSET', hash(p), `field:${i % FIELDS}`, String(i)]),
  sample('HGET', theHash, (p, i) => ['HGET', hash(p), `field:${i % FIELDS}`]),
  sample('HMGET (5)', theHash, (p) => ['HMGET', hash(p), ...numbered(5).map((n) => `field:${n}`)]),
  sample('HGETALL', theHash, (p) => ['HGETALL', hash(p)]),
  sample('HINCRBY', theHash, (p, i) => ['HINCRBY', hash(p), `field:${i % FIELDS}`, '1']),
  sample('ZADD', theBoard, (p, i) => ['ZADD', board(p), String((i * 7919) % 1000), `member:${i % MEMBERS}`]),
  sample('ZINCRBY', theBoard, (p, i) => ['ZINCRBY', board(p), '1', `member:${i % MEMBERS}`]),
  sample('ZSCORE', theBoard, (p, i) => ['ZSCORE', board(p), `member:${i % MEMBERS}`]),
  sample('ZRANK', theBoard, (p, i) => ['ZRANK', board(p), `member:${i % MEMBERS}`]),
  sample('ZRANGE (10)', theBoard, (p) => ['ZRANGE', board(p), '0', '9', 'WITHSCORES']),
  sample('ZRANGEBYSCORE', theBoard, (p) => ['ZRANGEBYSCORE', board(p), '100', '200', 'LIMIT', '0', '10']),
  sample('ZCARD', theBoard, (p) => ['ZCARD', board(p)]),
]
