import { describe, expect, it } from 'vitest'
import type { Reply } from '../../protocol/reply.ts'
import { PushReply, ReplyError, SimpleString } from '../../protocol/reply.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { EngineBench, engineContract } from '../engine.contract.ts'
import type { EngineOptions, SessionId } from '../engine.ts'
import type { CommandDefinition } from './command-spec.ts'
import { findRedisProfile, redisProfiles } from './profiles.ts'
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

const FAULTS: readonly CommandDefinition[] = [
  {
    name: 'fault.now',
    arity: -1,
    flags: '',
    categories: 'connection',
    since: '1.0.0',
    run: () => {
      throw new TypeError('a planted mistake')
    },
  },
  {
    name: 'fault.later',
    arity: 2,
    flags: '',
    categories: 'connection',
    since: '1.0.0',
    run: (context) =>
      context.block({
        deadline: context.now + SECOND,
        onTimeout: () => {
          throw new TypeError('a planted mistake')
        },
      }),
  },
]

function bench(options: Partial<EngineOptions> = {}, engine: 'redis' | 'valkey' = 'redis', version?: string): EngineBench {
  return new EngineBench((all) => createRedisEngine(findRedisProfile(engine, version)!, all, [...probeCommands(), ...FAULTS]), options).connect(1, 2)
}

describe('a command that throws', () => {
  it('is an error of its client, told once, and nobody else is held up', () => {
    const told: unknown[] = []
    const b = bench({ onInternalError: (thrown, command) => told.push([command, (thrown as Error).message]) })
    expect(b.ask(1, ['FAULT.NOW'])).toMatchObject({ text: 'ERR internal error: a planted mistake' })
    expect(told).toEqual([['fault.now', 'a planted mistake']])
    expect(b.ask(1, ['SET', 'a', 'x'])).toBe(SimpleString.ok)
    expect(b.ask(2, ['GET', 'a'])).toEqual(new Uint8Array([120]))
  })

  it('fails alone within EXEC', () => {
    const b = bench()
    for (const command of [['MULTI'], ['SET', 'a', 'x'], ['FAULT.NOW'], ['GET', 'a']]) b.ask(1, command)
    expect(b.ask(1, ['EXEC'])).toEqual([SimpleString.ok, new ReplyError('ERR internal error: a planted mistake'), new Uint8Array([120])])
    expect(b.effects.map(({ command }) => command[0])).toEqual(['SET'])
  })

  it('as its time is over: the session is answered and goes on', () => {
    const b = bench()
    expect(b.feed(1, ['FAULT.LATER', 'x'])).toEqual([])
    b.engine.feed(1, ['PING'])
    b.pass(2 * SECOND)
    expect(b.replies.get(1)).toEqual([new ReplyError('ERR internal error: a planted mistake'), new SimpleString('PONG')])
  })

  it('leaves the engine usable when the driver throws, too', () => {
    const b = bench()
    b.onReply = () => {
      b.onReply = undefined
      throw new Error('the driver')
    }
    expect(() => b.engine.feed(1, ['PING'])).toThrow('the driver')
    expect(b.ask(1, ['PING'])).toEqual(new SimpleString('PONG'))
  })
})

it('a blocking command inside EXEC answers as if its time were over, and waits for nothing', () => {
  const b = bench()
  for (const command of [['MULTI'], ['PROBE.WAIT', 'w', '0'], ['SET', 'a', 'x']]) b.ask(1, command)
  expect(b.ask(1, ['EXEC'])).toEqual([null, SimpleString.ok])
  expect(b.engine.nextDeadline()).toBeUndefined()
  expect(b.ask(2, ['PROBE.WAKE', 'w', 'late'])).toBe(0)
  expect(b.ask(1, ['GET', 'a'])).toEqual(new Uint8Array([120]))
  expect(b.feed(1, ['PROBE.WAIT', 'w', '0'])).toEqual([])
})
