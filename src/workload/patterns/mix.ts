import { z } from 'zod'
import { UnexpectedReply } from '../../client/cache/unexpected-reply.ts'
import { MemcachedValues, NullArray, type Reply, SimpleString } from '../../protocol/reply.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import { durationOrNone, ratio } from '../file/fields.ts'
import type { Mix, MixContext, MixDefinition, MixIntent } from '../mix.ts'
import { keptByKey } from './kept-by-key.ts'
import { createTimeToLive } from './time-to-live.ts'

export interface MixSettings {
  /** Share of requests that read, 0..1. */
  readonly get: number
  readonly ttlNanos: Nanos | null
}

const HIT = 0
const MISS = 1
const SET = 2

const READ: MixIntent = { fn: 'get', kind: 'read' }
const WRITE: MixIntent = { fn: 'set', kind: 'write', classIndex: SET }

/** Raw load: GET and SET and nothing else. For rates at which a promise per operation would be what is measured. */
export const mix: MixDefinition<MixSettings> = {
  kind: 'mix',
  name: 'mix',
  summary: 'Raw load of GET and SET without a database: how much the endpoint carries.',
  settings: z
    .strictObject({
      get: ratio().prefault('90%').describe('Share of requests that read.'),
      ttl: durationOrNone({ min: '1ms' }).prefault('none').describe('How long what is set lives.'),
    })
    .transform((given): MixSettings => ({ get: given.get, ttlNanos: given.ttl })),
  needs: [],
  usesCache: true,
  calls: () => ['get', 'set'],
  names: (_settings, { keys }) => [{ stem: 'mix:', count: keys }],
  usesDatabase: false,
  classes: [
    { name: 'get hit', kind: 'read', cache: 'hit' },
    { name: 'get miss', kind: 'read', cache: 'miss' },
    { name: 'set', kind: 'write' },
  ],
  indicators: ['hit_ratio', 'evictions', 'items'],
  checks: [],
  codePaths: 2,
  create: (context) => createMix(context),
}

/**
 * Data plane. Per request: two draws, one key, no array; a SET copies its value out of a page of padding, which is
 * the one allocation (the value goes on the wire as it is, so it can't be a buffer used again).
 */
function createMix(context: MixContext<MixSettings>): Mix {
  const { keys, values, settings } = context
  const choice = context.stream('choice')
  const ttlMillis = createTimeToLive({ ttlNanos: settings.ttlNanos, jitter: 0 }, choice, context.safetyTtlMillis)(0)
  const nameOf = keptByKey((keyId) => context.keyName(`mix:${keyId}`))

  const redis = context.family === 'redis'
  const getCommand: [string, string] = redis ? ['GET', ''] : ['get', '']
  const setCommand: [string, string, ...(string | Uint8Array)[]] = redis ? ['SET', '', '', 'PX', ''] : ['set', '', '0', '', '']
  const valueAt = redis ? 2 : 4
  const ttlAt = redis ? 4 : 3
  const storedWord = redis ? 'OK' : 'STORED'
  const expiry = (millis: number) => (redis ? String(millis) : memcachedExpiry(millis))

  const fullTtl = expiry(ttlMillis)
  const set = (keyId: number, version: number) => {
    setCommand[1] = nameOf(keyId)
    setCommand[ttlAt] = fullTtl
    setCommand[valueAt] = values.make(keyId, version, context.instance + 1)
    return setCommand
  }
  // A draw is some tenth of what a request costs, and what it decides is asked for twice.
  let drawnIndex = -1
  let drawn = READ
  const intentOf = (index: number): MixIntent => {
    if (index === drawnIndex) return drawn
    drawnIndex = index
    drawn = choice.uniform(index) >= settings.get ? WRITE : READ
    return drawn
  }
  return {
    classes: mix.classes,
    fill(keyId) {
      const command = set(keyId, 0)
      // Of every age, as in the middle of a run: else all would expire together.
      if (settings.ttlNanos !== null) command[ttlAt] = expiry(Math.max(1, Math.round(ttlMillis * choice.uniform(keyId, FILL_LANE))))
      return command
    },
    next(index) {
      const keyId = keys.key(index)
      if (intentOf(index) === WRITE) return set(keyId, index + 1)
      getCommand[1] = nameOf(keyId)
      return getCommand
    },
    intent: intentOf,
    onReply(intent, reply: Reply) {
      if (intent === WRITE) {
        if (!(reply instanceof SimpleString) || reply.text !== storedWord) throw new UnexpectedReply(storedWord, reply)
        return SET
      }
      if (redis) {
        if (reply instanceof Uint8Array) return HIT
        if (reply === null || reply instanceof NullArray) return MISS
        throw new UnexpectedReply('a string or null', reply)
      }
      if (!(reply instanceof MemcachedValues) || reply.kind !== 'values' || reply.items.length > 1)
        throw new UnexpectedReply('one value or none', reply)
      return reply.items.length === 1 ? HIT : MISS
    },
  }
}

/** Apart from lane 0, which decides what a request is. */
const FILL_LANE = 1
const THIRTY_DAYS_SECONDS = 30 * 24 * 3600

/** Whole seconds; beyond 30 days Memcached reads a date (protocol.txt, "Expiration times"). */
function memcachedExpiry(ttlMillis: number): string {
  return String(Math.min(THIRTY_DAYS_SECONDS, Math.ceil(ttlMillis / 1000)))
}
