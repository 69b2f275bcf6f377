/**
 * A command as its words: `['SET', key, value]` for Redis and Valkey, `['set', key, '0', '60', value]` for
 * Memcached (the byte count of a data block is the codec's business and no word of the command; `noreply` is a
 * word). Strings stand for their UTF-8 bytes; keys and values from outside are bytes.
 */
export type Word = string | Uint8Array
export type Command = readonly Word[]
