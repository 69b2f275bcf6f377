import { expect, it } from 'vitest'
import type { Reply } from '../../protocol/reply.ts'
import { PushReply } from '../../protocol/reply.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { engineContract } from '../engine.contract.ts'
import type { SessionId } from '../engine.ts'
import type { CommandDefinition } from './command-spec.ts'
import { redisProfiles } from './profiles.ts'
import { createRedisEngine } from './redis-engine.ts'
import { bytesOf, latin1Of, ownBytes } from './words.ts'

/**
 * A family that no server has: it blocks, times out, is woken by another session and pushes, through nothing but
 * what every command function is given. Blocking commands, pub/sub and tracking need no more than this.
 */
function probeCommands(): readonly CommandDefinition[] {
  const waiting = new Map<string, SessionId[]>()
  const seen = new Map<string, Set<SessionId>>()
  const common = { flags: '', categories: 'connection', since: '1.0.0' } as const
  return [
    {
      name: 'probe.wait',
      arity: 3,
      ...common,
      run: (context, argv) => {
        const name = latin1Of(argv[1]!)
        const seconds = Number(latin1Of(argv[2]!))
        const { id } = context.session
        waiting.set(name, [...(waiting.get(name) ?? []), id])
        seen.set(name, (seen.get(name) ?? new Set()).add(id))
        return context.block({
          deadline: seconds === 0 ? undefined : context.now + seconds * SECOND,
          onTimeout: () => null,
          onEnd: () => {
            waiting.set(
              name,
              (waiting.get(name) ?? []).filter((other) => other !== id),
            )
          },
        })
      },
    },
    {
      name: 'probe.wake',
      arity: 3,
      ...common,
      run: (context, argv) => {
        const first = waiting.get(latin1Of(argv[1]!))?.[0]
        if (first === undefined) return 0
        context.wake(first, ownBytes(argv[2]!))
        return 1
      },
    },
    {
      name: 'probe.push',
      arity: 3,
      ...common,
      run: (context, argv) => {
        const all = seen.get(latin1Of(argv[1]!)) ?? new Set()
        for (const session of all) context.push(session, new PushReply([bytesOf(argv[2]!)]))
        return all.size
      },
    },
  ]
}

for (const profile of redisProfiles) {
  engineContract({
    name: `${profile.engine} ${profile.version}`,
    create: (options) => createRedisEngine(profile, options, probeCommands()),
    commands: {
      store: (key, value, ttlSeconds) => (ttlSeconds === undefined ? ['SET', key, value] : ['SET', key, value, 'EX', String(ttlSeconds)]),
      fetch: (key) => ['GET', key],
      remove: (key) => ['DEL', key],
      singleValue: (reply: Reply) => reply as Uint8Array | null,
      unknown: ['NOSUCH', 'a'],
      quit: ['QUIT'],
    },
    probe: {
      wait: (name, seconds) => ['PROBE.WAIT', name, String(seconds)],
      wake: (name, value) => ['PROBE.WAKE', name, value],
      push: (name, value) => ['PROBE.PUSH', name, value],
    },
  })
}

it('refuses an eviction policy it does not know', () => {
  const options = { sink: { reply() {}, push() {}, close() {} }, wallMicros: () => 0, chance: { uint32: () => 0, uniform: () => 0 } }
  expect(() => createRedisEngine(redisProfiles[0]!, { ...options, maxMemoryPolicy: 'oldest' })).toThrow(/oldest/)
})
