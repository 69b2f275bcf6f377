import { describe, expect, test } from 'vitest'
import type { CacheFunction } from '../../client/cache/cache.ts'
import type { Client, Failure } from '../../client/client.ts'
import { TargetError } from '../../client/target-error.ts'
import type { Command } from '../../protocol/command.ts'
import { type Reply, ReplyError, SimpleString } from '../../protocol/reply.ts'
import type { Target } from '../target.ts'
import { preflight } from './preflight.ts'

type Answer = Reply | { readonly failure: Failure }

interface Facts {
  readonly family?: 'redis' | 'memcached'
  readonly user?: string
  readonly settings?: Readonly<Record<string, string>>
  readonly ours?: boolean
  readonly calls?: readonly CacheFunction[]
  readonly largestValueBytes?: number
}

/** What is said of an endpoint that answers so, and what was sent to it. */
async function tried(answer: (name: string, command: Command) => Answer, facts: Facts = {}) {
  const sent: string[] = []
  const client: Client = {
    name: 'fake',
    openConnections: 1,
    submit(command, token, sink) {
      const name = String(command[0])
      sent.push(name)
      const what = answer(name, command)
      setImmediate(() => {
        const wire = { node: '', sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 0, bytesIn: 0 }
        if (typeof what === 'object' && what !== null && 'failure' in what) sink.failed(token, what.failure, wire)
        else sink.reply(token, what, wire)
      })
    },
    close: async () => undefined,
  }
  const { family = 'redis', calls = ['get', 'set', 'delete'], largestValueBytes = 100, settings = {}, ours = false } = facts
  const description = { label: 'redis://h:6379', settings, ours }
  const target = { family, description, ...(facts.user !== undefined && { user: facts.user }) } as Target
  const outcome = await preflight(target, client, { calls, prefix: 'cacheproof:t:', largestValueBytes }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (outcome === undefined) return { sent, said: undefined, hint: undefined, code: undefined }
  expect(outcome).toBeInstanceOf(TargetError)
  const { message, hint, code } = outcome as TargetError
  return { sent, said: message, hint, code }
}

const mayNot = (name: string) => new ReplyError(`NOPERM this user has no permissions to run the '${name.toLowerCase()}' command`)
const NO_KEY = new ReplyError('NOPERM this user has no permissions to access one of the keys used as arguments')
const OK = SimpleString.ok

test('an endpoint that takes everything is asked for each call once, and left as it was', async () => {
  const { said, sent } = await tried(() => OK)
  expect(said).toBeUndefined()
  // Whether keys can be removed comes first; last, they are.
  expect(sent).toEqual(['DEL', 'DEL', 'GET', 'SET', 'DEL', 'DEL', 'DEL'])
})

describe('permissions', () => {
  test('all that is missing is named at once, in a line that gives it', async () => {
    const { said, hint, code } = await tried((name) => (name === 'DEL' ? OK : name === 'GET' ? mayNot('GET') : mayNot('SET')), { user: 'app' })
    expect(said).toBe('redis://h:6379: does not let the user app send GET or SET')
    expect(hint).toBe('ACL SETUSER app +get +set +del')
    expect(code).toBe('TARGET_AUTH')
  })

  test('where no key of ours may be touched, nothing is written', async () => {
    const { said, hint, sent } = await tried(() => NO_KEY, { user: 'app' })
    expect(said).toBe('redis://h:6379: does not let the user app touch keys that begin with cacheproof:')
    expect(hint).toBe('ACL SETUSER app ~cacheproof:* +get +set +del')
    // XX: on a key that is not there it writes nothing.
    expect(sent).toEqual(['DEL', 'DEL', 'GET', 'SET'])
  })

  test('a user who may read only', async () => {
    const { said, hint } = await tried((name) => (name === 'GET' ? null : mayNot(name)), { user: 'app' })
    expect(said).toMatch(/send SET or DEL$/)
    // A key of ours was touched: to one who may touch all, no pattern can be added.
    expect(hint).toBe('ACL SETUSER app +get +set +del')
  })

  test('reading is allowed, writing not, by the key', async () => {
    const { said, hint } = await tried((name) => (name === 'GET' ? null : NO_KEY))
    expect(said).toMatch(/the user default touch keys/)
    expect(hint).toContain('~cacheproof:*')
  })

  test('a user who may nothing: whether the keys would be allowed can not be told', async () => {
    const { hint } = await tried(mayNot, { user: 'app' })
    expect(hint).toMatch(/^ACL SETUSER app ~cacheproof:\* \+get \+set \+del\n {2}\(without ~cacheproof:\*/)
  })

  test('what only some programs send is asked for where they run', async () => {
    const calls = ['incrementScore', 'expire', 'range', 'rank'] as const
    const { hint, sent } = await tried((name) => (name === 'ZINCRBY' ? mayNot(name) : OK), { user: 'app', calls })
    expect(hint).toBe('ACL SETUSER app +zrevrank +zrevrange +zincrby +pexpire +del')
    expect(sent).not.toContain('SET')
  })

  test('a name that is no plain word is quoted', async () => {
    expect((await tried(mayNot, { user: 'a"b' })).hint).toMatch(/^ACL SETUSER "a\\"b" /)
  })
})

describe('states and settings of Redis and Valkey', () => {
  const refusing = (text: string) => (name: string) => (name === 'GET' ? null : new ReplyError(text))
  const FULL = "OOM command not allowed when used memory > 'maxmemory'."

  test.each([
    ["READONLY You can't write against a read only replica.", 'TARGET_READONLY', /is a replica and takes no writes/, /Aim at its primary/],
    ['NOAUTH Authentication required.', 'TARGET_AUTH', /wants a password/, /CACHEPROOF_PASSWORD/],
    [
      'MISCONF Redis is configured to save RDB snapshots, but ...',
      'TARGET_UNUSABLE',
      /write to its disk/,
      /^CONFIG SET stop-writes-on-bgsave-error no$/m,
    ],
    ['LOADING Redis is loading the dataset in memory', 'TARGET_UNUSABLE', /is still loading/, /Wait/],
    ['BUSY Redis is busy running a script.', 'TARGET_UNUSABLE', /running a script/, /SCRIPT KILL/],
    ['CLUSTERDOWN Hash slot not served', 'TARGET_UNUSABLE', /cluster that is down.*Hash slot not served/, /CLUSTER INFO/],
    ['MOVED 3999 127.0.0.1:6381', 'TARGET_UNUSABLE', /one of several shards/, /cluster mode disabled/],
    ['NOREPLICAS Not enough good replicas to write.', 'TARGET_UNUSABLE', /too few replicas/, /^CONFIG SET min-replicas-to-write 0$/m],
  ])('%s', async (text, code, says, settles) => {
    const found = await tried(refusing(text))
    expect(found).toMatchObject({ code, said: expect.stringMatching(says), hint: expect.stringMatching(settles) })
    expect(found.said).toMatch(/^redis:\/\/h:6379: /)
  })

  test('memory that is full, by the policy', async () => {
    const full = (name: string) => (name === 'SET' ? new ReplyError(FULL) : OK)
    const settings = { maxmemory: '1 MiB', 'maxmemory-policy': 'noeviction' }
    const { said, hint } = await tried(full, { settings })
    expect(said).toBe('redis://h:6379: refuses SET, because its memory of 1 MiB is full and it evicts nothing (maxmemory-policy noeviction)')
    expect(hint).toMatch(/^CONFIG SET maxmemory-policy allkeys-lru$/m)
    const nothing = await tried(full, { settings: { ...settings, 'maxmemory-policy': 'volatile-ttl' } })
    expect(nothing.said).toMatch(/its maxmemory-policy volatile-ttl finds nothing to evict/)
    // Of a server that we start the setting is a parameter of the target.
    expect((await tried(full, { settings, ours: true })).hint).toMatch(/\?maxmemory=64mb.*\?policy=allkeys-lru/)
  })

  test('a command that is not there, with the version that has it', async () => {
    const unknown = (name: string) => (name === 'GETEX' ? new ReplyError("ERR unknown command 'GETEX', with args beginning with: 'k' ") : OK)
    const { said, hint } = await tried(unknown, { calls: ['getAndTouch', 'set'] })
    expect(said).toBe('redis://h:6379: does not know GETEX')
    expect(hint).toMatch(/Redis 6\.2\.0 or later/)
  })

  test('several reasons are one error, a state first', async () => {
    const { said, hint } = await tried((name) => (name === 'GET' ? mayNot('GET') : name === 'SET' ? new ReplyError('MISCONF no disk') : OK))
    expect(said).toMatch(/^redis:\/\/h:6379: can't write to its disk.*; it does not let the user default send GET$/)
    expect(hint).toMatch(/^CONFIG SET stop[\s\S]*^ {2}ACL SETUSER default /m)
  })

  test('an error that may be about this one time only is counted in the run', async () => {
    expect((await tried((name) => (name === 'SET' ? new ReplyError('TEAPOT short and stout') : OK))).said).toBeUndefined()
  })
})

describe('Memcached', () => {
  const refusing = (text: string) => (name: string) => (name === 'set' ? new ReplyError(text) : new SimpleString('NOT_FOUND'))
  const memcached = { family: 'memcached' } as const

  test('values that it does not take', async () => {
    const facts = { ...memcached, largestValueBytes: 3_000_000, settings: { 'largest item (-I)': '1048576' } }
    const { said, hint } = await tried(refusing('SERVER_ERROR object too large for cache'), facts)
    expect(said).toMatch(/refuses values of 3 MB, the largest of this workload: its largest item has 1\.05 MB/)
    expect(hint).toMatch(/^memcached -I 4m -m 64\n/)
    const ours = await tried(refusing('SERVER_ERROR object too large for cache'), { ...facts, ours: true })
    expect(ours.hint).toMatch(/^Give the workload smaller values/)
  })

  test('memory that is full is a refusal only where nothing is evicted', async () => {
    const full = refusing('SERVER_ERROR out of memory storing object')
    expect((await tried(full, { ...memcached, settings: { evictions: 'off' } })).said).toMatch(
      /refuses set, because its memory is full and it evicts nothing/,
    )
    expect((await tried(full, { ...memcached, settings: { evictions: 'on' } })).said).toBeUndefined()
  })

  test('a command that is not there', async () => {
    const { said, hint } = await tried((name) => (name === 'touch' ? new ReplyError('ERROR') : OK), { ...memcached, calls: ['touch'] })
    expect(said).toMatch(/does not know touch$/)
    expect(hint).toMatch(/memcached 1\.4\.8 or later/)
  })
})

describe('no answer', () => {
  const failing = (code: Failure['code']) => (name: string) =>
    name === 'SET' ? { failure: { status: 'info', code, message: 'in its words' } as const } : OK

  test('is a target that was lost, not one that refuses', async () => {
    expect(await tried(failing('closed'))).toMatchObject({
      code: 'TARGET_UNREACHABLE',
      said: expect.stringMatching(/no answer to SET.*in its words/),
    })
  })

  test('an answer before the connection ends says more', async () => {
    const hangingUp = (name: string) => (name === 'SET' ? new ReplyError('ERR Protocol error: invalid bulk length') : failing('closed')('SET'))
    const { said, hint } = await tried((name) => (name === 'DEL' ? OK : hangingUp(name)), { largestValueBytes: 2_000_000 })
    expect(said).toMatch(/refuses values of 2 MB/)
    expect(hint).toBe('CONFIG SET proto-max-bulk-len 2000000')
  })

  test('a client that can not say it', async () => {
    expect(await tried(failing('client'))).toMatchObject({ code: 'TARGET_UNUSABLE', hint: 'Use --client wire.' })
  })
})
