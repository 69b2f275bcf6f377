import type { Client } from '../client/client.ts'
import type { Command } from '../protocol/command.ts'
import { MemcachedValues, type Reply } from '../protocol/reply.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { exchange } from './client-endpoint.ts'

/** Memcached tells whole seconds: what is below that is not known. */
const MEMCACHED_SLACK_MICROS = 1_500_000

/**
 * How far the endpoint's wall clock is ahead of ours, in microseconds, so that the reference can be given the
 * endpoint's time: absolute expiry times mean the same then on both sides. Undefined when it does not tell.
 */
export async function clockSkewMicros(client: Client, family: 'redis' | 'memcached', runtime: Runtime): Promise<number | undefined> {
  const question: Command = family === 'redis' ? ['TIME'] : ['stats']
  const before = runtime.wall.nowMicros()
  const [reply] = await exchange(client, [question])
  const after = runtime.wall.nowMicros()
  const theirs = family === 'redis' ? redisTime(reply) : memcachedTime(reply)
  if (theirs === undefined) return undefined
  const skew = Math.round(theirs - (before + after) / 2)
  return family === 'memcached' && Math.abs(skew) < MEMCACHED_SLACK_MICROS ? 0 : skew
}

function redisTime(reply: Reply | undefined): number | undefined {
  if (!Array.isArray(reply) || reply.length !== 2) return undefined
  const [seconds, micros] = reply.map((part: Reply) => (part instanceof Uint8Array ? Number(Buffer.from(part).toString('latin1')) : Number.NaN))
  const time = seconds! * 1e6 + micros!
  return Number.isFinite(time) ? time : undefined
}

function memcachedTime(reply: Reply | undefined): number | undefined {
  if (!(reply instanceof MemcachedValues)) return undefined
  const row = reply.items.find((item) => Buffer.from(item.key).toString('latin1') === 'time')
  const seconds = row === undefined ? Number.NaN : Number(Buffer.from(row.value).toString('latin1'))
  return Number.isFinite(seconds) ? seconds * 1e6 : undefined
}

/** The same runtime with a wall clock that is ahead by so much. */
export function withWallAhead(runtime: Runtime, micros: number): Runtime {
  return {
    kind: runtime.kind,
    chance: runtime.chance,
    wall: { nowMicros: () => runtime.wall.nowMicros() + micros },
    now: () => runtime.now(),
    after: (delay, fire) => runtime.after(delay, fire),
    endOfTurn: (fire) => runtime.endOfTurn(fire),
    spawn: (name, program, done) => runtime.spawn(name, program, done),
    run: (name, program) => runtime.run(name, program),
  }
}
