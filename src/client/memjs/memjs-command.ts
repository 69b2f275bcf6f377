import type { MemjsClient } from 'memjs'
import type { Command, Word } from '../../protocol/command.ts'
import { MEMCACHED_MAX_KEY_BYTES } from '../../protocol/memcached-verbs.ts'
import { type MemcachedItem, MemcachedValues, type Reply, ReplyError, SimpleString } from '../../protocol/reply.ts'

/** memjs can't express this command; nothing was sent. */
export class NotForMemjs extends Error {}

/** Lets a command use the library for one round trip. */
export type Ask = <T>(use: (client: MemjsClient) => Promise<T>) => Promise<T>

/** A command as calls of memjs, answered as the text protocol answers it. */
export interface MemjsCommand {
  /** Whose server is asked. */
  readonly key: string
  run(ask: Ask): Promise<Reply>
}

/** In the binary protocol: don't make the counter when it isn't there (memcached's protocol-binary.txt, "Increment, Decrement"). */
const DO_NOT_CREATE = 0xffffffff
const LARGEST_EXPIRY = 0xffffffff

/**
 * Reads a text-protocol command into what memjs offers. Throws `NotForMemjs` for what it doesn't: CAS, several keys
 * at once, flags, `noreply`, expiry in the past, the meta commands, and `prepend` (which memjs 1.3.2 sends as append).
 * `gat` is two round trips here, touch and get, so between them the key may be changed or gone.
 */
export function memjsCommand(command: Command): MemjsCommand {
  const name = text(command[0]!)
  switch (name) {
    case 'get':
      return get(onlyKey(name, command, 1, 2))
    case 'gat':
      return getAndTouch(onlyKey(name, command, 2, 3), expiry(command[1]!))
    case 'set':
    case 'add':
    case 'replace':
      return store(name, command)
    case 'append':
      return append(command)
    case 'delete': {
      const key = onlyKey(name, command, 1, 2)
      return { key, run: async (ask) => new SimpleString((await ask((client) => client.delete(key))) ? 'DELETED' : 'NOT_FOUND') }
    }
    case 'touch': {
      const key = onlyKey(name, command, 1, 3)
      const expires = expiry(command[2]!)
      return { key, run: async (ask) => new SimpleString((await ask((client) => client.touch(key, expires))) ? 'TOUCHED' : 'NOT_FOUND') }
    }
    case 'incr':
    case 'decr':
      return count(name, command)
    default:
      throw new NotForMemjs(name === 'prepend' ? 'memjs 1.3.2 sends prepend as append' : `memjs has no "${name}"`)
  }
}

function get(key: string): MemjsCommand {
  return { key, run: async (ask) => values(key, await ask((client) => client.get(key))) }
}

function getAndTouch(key: string, expires: number): MemjsCommand {
  return {
    key,
    run: async (ask) =>
      (await ask((client) => client.touch(key, expires))) ? values(key, await ask((client) => client.get(key))) : new MemcachedValues([]),
  }
}

function store(name: 'set' | 'add' | 'replace', command: Command): MemjsCommand {
  const key = onlyKey(name, command, 1, 5)
  if (text(command[2]!) !== '0') throw new NotForMemjs('memjs stores no flags')
  const expires = expiry(command[3]!)
  const value = bytes(command[4]!)
  return { key, run: async (ask) => new SimpleString((await ask((client) => client[name](key, value, { expires }))) ? 'STORED' : 'NOT_STORED') }
}

function append(command: Command): MemjsCommand {
  const key = onlyKey('append', command, 1, 5)
  const value = bytes(command[4]!)
  return { key, run: async (ask) => new SimpleString((await ask((client) => client.append(key, value))) ? 'STORED' : 'NOT_STORED') }
}

function count(name: 'incr' | 'decr', command: Command): MemjsCommand {
  const key = onlyKey(name, command, 1, 3)
  const amount = Number(text(command[2]!))
  if (!Number.isInteger(amount) || amount < 0 || amount > 0xffffffff) throw new NotForMemjs('memjs counts by 0 to 2^32 - 1')
  const method = name === 'incr' ? 'increment' : 'decrement'
  return { key, run: async (ask) => (await ask((client) => client[method](key, amount, { expires: DO_NOT_CREATE }))).value }
}

function values(key: string, found: { value: Buffer | null; flags: Buffer | null }): MemcachedValues {
  if (found.value === null) return new MemcachedValues([])
  const flags = found.flags !== null && found.flags.length >= 4 ? found.flags.readUInt32BE(0) : 0
  const item: MemcachedItem = { key: Buffer.from(key), flags, value: found.value }
  return new MemcachedValues([item])
}

/** How the text protocol says what memjs puts into an Error after "MemJS SET: "; undefined when the error is none of the server's. */
export function serverAnswer(message: string): Reply | undefined {
  const said = /^MemJS [A-Z]+: (.*)$/.exec(message)?.[1]
  return said === undefined ? undefined : (ANSWERS[said] ?? new ReplyError(`SERVER_ERROR ${said}`))
}

const ANSWERS: Readonly<Record<string, Reply>> = {
  'Key not found': new SimpleString('NOT_FOUND'),
  'Key exists': new SimpleString('EXISTS'),
  'Item not stored': new SimpleString('NOT_STORED'),
  'Value too large': new ReplyError('SERVER_ERROR object too large for cache'),
  'Invalid arguments': new ReplyError('CLIENT_ERROR bad command line format'),
  'Incr/Decr on non-numeric value': new ReplyError('CLIENT_ERROR cannot increment or decrement non-numeric value'),
  'Unknown command': new ReplyError('ERROR'),
  'Out of memory': new ReplyError('SERVER_ERROR out of memory storing object'),
}

/** The key at `at` of a command that must have `words` words. */
function onlyKey(name: string, command: Command, at: number, words: number): string {
  if (command.length !== words) throw new NotForMemjs(`memjs takes "${name}" with one key and without noreply`)
  const key = bytes(command[at]!)
  // What a server answers to such a key memjs takes for nobody's: its caller would wait for ever.
  if (key.length < 1 || key.length > MEMCACHED_MAX_KEY_BYTES) throw new NotForMemjs(`memcached takes keys of 1 to ${MEMCACHED_MAX_KEY_BYTES} bytes`)
  const name8 = key.toString('utf8')
  if (!Buffer.from(name8).equals(key)) throw new NotForMemjs('memjs takes keys of valid UTF-8 only')
  return name8
}

function expiry(word: Word): number {
  const seconds = Number(text(word))
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LARGEST_EXPIRY) throw new NotForMemjs('memjs takes no expiry time in the past')
  return seconds
}

function text(word: Word): string {
  return typeof word === 'string' ? word : Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')
}

function bytes(word: Word): Buffer {
  return typeof word === 'string' ? Buffer.from(word) : Buffer.from(word.buffer, word.byteOffset, word.length)
}
