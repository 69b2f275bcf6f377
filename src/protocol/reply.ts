/**
 * What a server answers, independent of the protocol version that carries it. Cheap kinds are JavaScript's own
 * values (they are most of the traffic), the others are small classes. The RESP2 encoder flattens maps, sets and
 * doubles; the two kinds of null stay apart because RESP2 clients can tell them apart.
 *
 * number | bigint = integer (bigint only outside the safe range); Uint8Array = bulk string; null = bulk null;
 * boolean = RESP3 boolean; array = array.
 */
export type Reply =
  | number
  | bigint
  | Uint8Array
  | null
  | boolean
  | NullArray
  | SimpleString
  | ReplyError
  | DoubleReply
  | BigNumberReply
  | VerbatimReply
  | MapReply
  | SetReply
  | PushReply
  | MemcachedValues
  | MetaReply
  | readonly Reply[]

/** RESP2 `*-1`; RESP3 `_`. */
export class NullArray {
  /** Tells the class apart for the type checker. */
  readonly nullArray = true
  static readonly value = new NullArray()
}

/** `+OK`, and Memcached's one-line answers: STORED, NOT_FOUND, VERSION 1.6.18. */
export class SimpleString {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  static readonly ok = new SimpleString('OK')
}

/** An error the server answered. `text` is the whole line without the leading `-`: `WRONGTYPE Operation ...`, `SERVER_ERROR ...`. */
export class ReplyError {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  /** The first word: ERR, WRONGTYPE, MOVED, READONLY, CLIENT_ERROR, SERVER_ERROR, ERROR. */
  get code(): string {
    const blank = this.text.indexOf(' ')
    return blank < 0 ? this.text : this.text.slice(0, blank)
  }
}

/** `text` is what goes on the wire (the engine's float style is part of its profile). */
export class DoubleReply {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export class BigNumberReply {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export class VerbatimReply {
  readonly format: string
  readonly bytes: Uint8Array
  constructor(format: string, bytes: Uint8Array) {
    this.format = format
    this.bytes = bytes
  }
}

/** Flat: key, value, key, value. */
export class MapReply {
  readonly flat: readonly Reply[]
  constructor(flat: readonly Reply[]) {
    this.flat = flat
  }
}

export class SetReply {
  readonly members: readonly Reply[]
  constructor(members: readonly Reply[]) {
    this.members = members
  }
}

/** Out-of-band data: `>` in RESP3. On RESP2 it is encoded as an array. */
export class PushReply {
  readonly items: readonly Reply[]
  constructor(items: readonly Reply[]) {
    this.items = items
  }
}

export interface MemcachedItem {
  readonly key: Uint8Array
  readonly flags: number
  readonly value: Uint8Array
  /** Only in the answer to gets/gats. */
  readonly cas?: bigint
}

/**
 * The answer to get/gets/gat/gats (VALUE ... END), with kind "stats" to stats (STAT name value ... END) and with
 * kind "config" to ElastiCache's `config get` (CONFIG ... END).
 */
export class MemcachedValues {
  readonly items: readonly MemcachedItem[]
  readonly kind: 'values' | 'stats' | 'config'
  constructor(items: readonly MemcachedItem[], kind: MemcachedValues['kind'] = 'values') {
    this.items = items
    this.kind = kind
  }
}

/** The answer to a meta command: `HD f1 f2`, `VA <size> flags` + data, `EN`, `NS`, `EX`, `NF`, `MN`, `ME key stats`. */
export class MetaReply {
  readonly code: string
  readonly flags: readonly string[]
  readonly value: Uint8Array | null
  constructor(code: string, flags: readonly string[], value: Uint8Array | null) {
    this.code = code
    this.flags = flags
    this.value = value
  }
}
