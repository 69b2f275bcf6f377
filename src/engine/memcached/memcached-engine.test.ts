import { describe, expect, it } from 'vitest'
import { ByteWriter } from '../../protocol/byte-writer.ts'
import type { Command, Word } from '../../protocol/command.ts'
import { CommandError } from '../../protocol/command-error.ts'
import { encodeMemcachedCommand, NO_ANSWER } from '../../protocol/memcached-command-encoder.ts'
import { MemcachedValues, MetaReply, type Reply, ReplyError, SimpleString } from '../../protocol/reply.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { EngineBench, engineContract } from '../engine.contract.ts'
import { MEMCACHED_COMMANDS } from './command-table.ts'
import { createMemcachedEngine, type MemcachedEngineOptions } from './memcached-engine.ts'
import { findMemcachedProfile } from './profiles.ts'

const profile = findMemcachedProfile('1.6.18')

engineContract({
  name: 'memcached',
  create: (options) => createMemcachedEngine(profile, options),
  commands: {
    store: (key, value, ttlSeconds = 0) => ['set', key, '0', String(ttlSeconds), value],
    fetch: (key) => ['get', key],
    remove: (key) => ['delete', key],
    singleValue: (reply) => {
      const value = (reply as MemcachedValues).items[0]?.value
      return value === undefined ? null : Uint8Array.from(value)
    },
    unknown: ['nosuchcommand', 'a'],
    quit: ['quit'],
  },
})

function bench(options: Partial<MemcachedEngineOptions> = {}, version = '1.6.18') {
  return new EngineBench((given) => createMemcachedEngine(findMemcachedProfile(version), { ...given, ...options })).connect(1)
}

/** A reply as its text on the wire, in short. */
function show(reply: Reply | undefined): string {
  if (reply === undefined) return '(nothing)'
  if (reply instanceof SimpleString || reply instanceof ReplyError) return reply.text
  if (reply instanceof MetaReply)
    return [reply.code, ...reply.flags].join(' ') + (reply.value ? ` = ${Buffer.from(reply.value).toString('latin1')}` : '')
  if (reply instanceof MemcachedValues) {
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
    return (
      reply.items.map((item) => `${text(item.key)}=${text(item.value)}/${item.flags}${item.cas === undefined ? '' : `#${item.cas}`}`).join(' ') ||
      'END'
    )
  }
  return String(reply)
}

/** Feeds lines of words; the last word of a storage command is its value. */
function dialogue(b: EngineBench, ...lines: (string | Command)[]): string[] {
  return lines.map((line) => show(b.feed(1, typeof line === 'string' ? line.split(' ') : line)[0]))
}

const repeat = (letter: string, length: number): Word => letter.repeat(length)

describe('storage', () => {
  it('keeps keys and values of its own when a Buffer is reused', () => {
    const b = bench()
    const key = Buffer.from('key1')
    const value = Buffer.from('abc')
    b.ask(1, ['set', key, '0', '0', value])
    key.fill('z')
    value.fill('z')
    expect(dialogue(b, 'get key1 zzzz')).toEqual(['key1=abc/0'])
  })

  it('sets, adds, replaces, appends and prepends', () => {
    expect(
      dialogue(
        bench(),
        'set a 5 0 x',
        'add a 0 0 y',
        'add b 0 0 y',
        'replace a 7 0 z',
        'replace c 0 0 z',
        'append a 9 9 1',
        'prepend a 9 9 2',
        'append c 0 0 1',
        'get a b',
      ),
    ).toEqual(['STORED', 'NOT_STORED', 'STORED', 'STORED', 'NOT_STORED', 'STORED', 'STORED', 'NOT_STORED', 'a=2z1/7 b=y/0'])
  })

  it('compares cas ids, which grow with every change', () => {
    expect(dialogue(bench(), 'set a 0 0 x', 'gets a', 'cas a 0 0 1 y', 'cas a 0 0 1 z', 'gets a', 'cas b 0 0 1 x', 'cas a 0 0 0 x')).toEqual([
      'STORED',
      'a=x/0#1',
      'STORED',
      'EXISTS',
      'a=y/0#2',
      'NOT_FOUND',
      'EXISTS',
    ])
  })

  it('keeps the lower 32 bits of the flags and refuses what is no number', () => {
    const bad = 'CLIENT_ERROR bad command line format'
    expect(
      dialogue(
        bench(),
        'set a 4294967295 0 x',
        'get a',
        'set a 4294967296 0 x',
        'get a',
        'set a -1 0 x',
        'set a abc 0 x',
        'set a 0 abc x',
        'set a 0 2147483648 x',
        'get a',
      ),
    ).toEqual(['STORED', 'a=x/4294967295', 'STORED', 'a=x/0', bad, bad, bad, 'STORED', 'END'])
  })

  it('takes keys of 250 bytes and refuses longer ones', () => {
    const b = bench()
    expect(dialogue(b, ['set', repeat('k', 250), '0', '0', 'x'], ['set', repeat('k', 251), '0', '0', 'x'], ['get', 'a', repeat('k', 251)])).toEqual([
      'STORED',
      'CLIENT_ERROR bad command line format',
      'CLIENT_ERROR bad command line format',
    ])
  })

  it('refuses a value that is too large, drops the old one on set and keeps it on append', () => {
    const large = 'SERVER_ERROR object too large for cache'
    // 1 MiB less header 48, cas 8, key 1 + 1, line end 2.
    const most = 1024 * 1024 - 60
    const b = bench()
    expect(
      dialogue(b, ['set', 'a', '0', '0', repeat('x', most)], 'delete a', 'set a 0 0 x', ['set', 'a', '0', '0', repeat('x', most + 1)], 'get a'),
    ).toEqual(['STORED', 'DELETED', 'STORED', large, 'END'])
    expect(dialogue(b, 'set a 0 0 x', ['append', 'a', '0', '0', repeat('x', most)], 'get a')).toEqual(['STORED', 'NOT_STORED', 'a=x/0'])
  })

  it('says nothing at all with noreply', () => {
    expect(
      dialogue(bench(), 'set a 0 0 noreply x', 'get a', 'set a abc 0 noreply x', 'delete a noreply', 'get a', 'incr a noreply', 'get a noreply'),
    ).toEqual(['(nothing)', 'a=x/0', '(nothing)', '(nothing)', 'END', '(nothing)', 'END'])
  })
})

describe('counters', () => {
  it('wraps at 2^64, stops at 0 and keeps the length when it shrinks', () => {
    expect(
      dialogue(
        bench(),
        'set n 3 0 18446744073709551615',
        'incr n 1',
        'get n',
        'set n 0 0 10',
        'decr n 1',
        'get n',
        'incr n 100',
        'get n',
        'decr n 200',
        'get n',
      ),
    ).toEqual(['STORED', '0', `n=${'0'.padEnd(20)}/3`, 'STORED', '9', 'n=9 /0', '109', 'n=109/0', '0', 'n=0  /0'])
  })

  it('refuses what is no number', () => {
    const text = 'CLIENT_ERROR cannot increment or decrement non-numeric value'
    expect(
      dialogue(
        bench(),
        'set n 0 0 a',
        'incr n 1',
        'incr n a',
        'incr n -1',
        'set n 0 0 -1',
        'incr n 1',
        ['set', 'n', '0', '0', ''],
        'incr n 1',
        'incr no 1',
      ),
    ).toEqual([
      'STORED',
      text,
      'CLIENT_ERROR invalid numeric delta argument',
      'CLIENT_ERROR invalid numeric delta argument',
      'STORED',
      text,
      'STORED',
      text,
      'NOT_FOUND',
    ])
  })
})

describe('time', () => {
  it('lets an item live until the clock ticks past its exptime', () => {
    const b = bench()
    dialogue(b, 'set a 0 1 x', 'set b 0 2 x', 'set c 0 -1 x', 'set d 0 2592001 x')
    expect(dialogue(b, 'get a b c d')).toEqual(['a=x/0 b=x/0'])
    b.pass(SECOND)
    expect(dialogue(b, 'get a b')).toEqual(['b=x/0'])
    b.pass(SECOND)
    expect(dialogue(b, 'get b')).toEqual(['END'])
  })

  it('ticks at whole seconds, so that exptime 1 may last less than a second', () => {
    const b = bench()
    b.pass(0.9 * SECOND)
    dialogue(b, 'set a 0 1 x')
    b.pass(0.1 * SECOND)
    expect(dialogue(b, 'get a')).toEqual(['END'])
  })

  it('takes a Unix time beyond thirty days', () => {
    const b = bench()
    const now = Math.floor(b.wallMicros / 1e6)
    dialogue(b, `set a 0 ${now + 5} x`)
    b.pass(4 * SECOND)
    expect(dialogue(b, 'get a')).toEqual(['a=x/0'])
    b.pass(SECOND)
    expect(dialogue(b, 'get a')).toEqual(['END'])
  })

  it('takes a Unix time right also when it is started late', () => {
    const b = bench()
    b.pass(1_000 * SECOND)
    const now = Math.floor(b.wallMicros / 1e6)
    expect(dialogue(b, `set a 0 ${now + 5} x`, 'mg a t', `set b 0 ${now} x`, 'get b')).toEqual(['STORED', 'HD t5', 'STORED', 'END'])
  })

  it('moves an expiry by touch, gat and gats', () => {
    const b = bench()
    expect(dialogue(b, 'set a 0 1 x', 'touch a 10', 'touch no 10', 'touch a x')).toEqual([
      'STORED',
      'TOUCHED',
      'NOT_FOUND',
      'CLIENT_ERROR invalid exptime argument',
    ])
    b.pass(5 * SECOND)
    expect(dialogue(b, 'gat 10 a', 'gats 10 a no')).toEqual(['a=x/0', 'a=x/0#1'])
    b.pass(9 * SECOND)
    expect(dialogue(b, 'gat 0 a')).toEqual(['a=x/0'])
    b.pass(100 * SECOND)
    expect(dialogue(b, 'get a', 'gat x a', 'gat 10')).toEqual(['a=x/0', 'CLIENT_ERROR invalid exptime argument', 'END'])
  })

  it('flushes now, or what is stored until then', () => {
    const b = bench()
    expect(dialogue(b, 'set a 0 0 x', 'flush_all', 'get a', 'set a 0 0 y', 'get a', 'flush_all 2', 'get a', 'flush_all abc', 'flush_all -1')).toEqual(
      ['STORED', 'OK', 'END', 'STORED', 'a=y/0', 'OK', 'a=y/0', 'CLIENT_ERROR invalid exptime argument', 'OK'],
    )
    dialogue(b, 'set a 0 0 y', 'flush_all 2')
    b.pass(SECOND)
    expect(dialogue(b, 'set b 0 0 z', 'get a b')).toEqual(['STORED', 'END'])
    b.pass(SECOND)
    expect(dialogue(b, 'set b 0 0 z', 'get a b')).toEqual(['STORED', 'b=z/0'])
  })

  it('reaps what is over without being asked for it', () => {
    const b = bench()
    for (let i = 0; i < 50; i++) dialogue(b, `set k${i} 0 ${1 + (i % 5)} x`)
    b.pass(1000 * SECOND)
    const stats = new Map(
      (b.ask(1, ['stats']) as MemcachedValues).items.map((item) => [Buffer.from(item.key).toString(), Buffer.from(item.value).toString()]),
    )
    expect(stats.get('curr_items')).toBe('0')
    expect(stats.get('bytes')).toBe('0')
    expect(b.engine.nextDeadline()).toBeUndefined()
  })
})

describe('meta commands', () => {
  it('echoes what it is asked for in the order it is asked', () => {
    expect(dialogue(bench(), 'ms a F5 T30 c k O1 x', 'mg a k O9 s t f v c', 'mg b k O1', 'mg b q', 'mg a', 'md a q', 'md a O2 k', 'mn')).toEqual([
      'HD c1 ka O1',
      'VA ka O9 s1 t30 f5 c1 = x',
      'EN kb O1',
      '(nothing)',
      'HD',
      '(nothing)',
      'NF O2 ka',
      'MN',
    ])
  })

  it('tells one client at a time to recache', () => {
    expect(dialogue(bench(), 'mg a N30 v t', 'mg a N30 v', 'ms a x', 'md a I T30', 'mg a v', 'mg a v', 'mg a R60 t')).toEqual([
      'VA t30 W = ',
      'VA Z = ',
      'HD',
      'HD',
      'VA X W = x',
      'VA Z X = x',
      'HD t30 Z X',
    ])
  })

  it('counts, with a start value where there is none', () => {
    expect(dialogue(bench(), 'ma a', 'ma a N0 J13 v t', 'ma a D100 v', 'ma a MD D5 v c', 'ma a Mx', 'ma a C1', 'ma a Dx')).toEqual([
      'NF',
      'VA t-1 = 13',
      'VA = 113',
      'VA c3 = 108',
      'CLIENT_ERROR invalid mode for ma M token',
      'EX',
      'CLIENT_ERROR invalid or duplicate flag',
    ])
  })

  it('takes keys in base64 and gives them back so', () => {
    expect(dialogue(bench(), 'ms a2I= b k x', 'mg a2I= b k v', 'get kb', 'mg a2= b')).toEqual([
      'HD ka2I= b',
      'VA ka2I= b = x',
      'kb=x/0',
      'CLIENT_ERROR error decoding key',
    ])
  })

  it('stores a late value as stale, but no later than the newest', () => {
    expect(dialogue(bench(), 'ms a x', 'md a I', 'ms a C1 I y', 'mg a v', 'ms a C99 I z', 'ms a C1 z')).toEqual([
      'HD',
      'HD',
      'HD',
      'VA X W = y',
      'EX',
      'EX',
    ])
  })
})

describe('later meta flags', () => {
  it('takes a cas id to give, and drops a value but not its item, since 1.6.38', () => {
    expect(dialogue(bench({}, '1.6.18'), 'ms a E5 x', 'md a x')).toEqual(['CLIENT_ERROR invalid flag', 'CLIENT_ERROR invalid or duplicate flag'])
    expect(dialogue(bench({}, '1.6.38'), 'ms a E500 F3 c x', 'mg a c f v', 'md a x', 'mg a s f', 'md a I E7', 'mg a c', 'ma n N0 E9 c')).toEqual([
      'HD c500',
      'VA c500 f3 = x',
      'HD',
      'HD s0 f0',
      'HD',
      'HD c7 X W',
      'HD c9',
    ])
  })
})

describe('memory', () => {
  const fill = (b: EngineBench, count: number, bytes: number) => {
    for (let i = 0; i < count; i++) b.feed(1, ['set', `key${String(i).padStart(6, '0')}`, '0', '0', repeat('v', bytes)])
  }
  const stat = (b: EngineBench, name: string) =>
    Buffer.from((b.ask(1, ['stats']) as MemcachedValues).items.find((item) => Buffer.from(item.key).toString() === name)!.value).toString()

  it('counts bytes as memcached does', () => {
    const b = bench()
    fill(b, 1000, 100)
    // 48 + 8 + key 9 + 1 + value 100 + 2.
    expect(stat(b, 'bytes')).toBe(String(1000 * 168))
    expect(stat(b, 'curr_items')).toBe('1000')
  })

  it('evicts the oldest when it is full, and spares what is read', () => {
    const b = bench({ maxMemoryBytes: 2 * 1024 * 1024 })
    fill(b, 5000, 900)
    expect(stat(b, 'curr_items')).toBe(String(2 * Math.floor((1024 * 1024) / 1184)))
    expect(dialogue(b, 'get key000000', 'get key004999')).toEqual(['END', `key004999=${'v'.repeat(900)}/0`])
    expect(Number(stat(b, 'evictions'))).toBe(5000 - 2 * Math.floor((1024 * 1024) / 1184))
  })

  it('refuses to store instead, when told so', () => {
    const b = bench({ maxMemoryBytes: 2 * 1024 * 1024, disableEvictions: true })
    fill(b, 2000, 900)
    expect(dialogue(b, ['set', 'more', '0', '0', repeat('v', 900)], 'get key000000')).toEqual([
      'SERVER_ERROR out of memory storing object',
      `key000000=${'v'.repeat(900)}/0`,
    ])
  })
})

describe('versions', () => {
  it('answers a wrong number of words as the version does', () => {
    expect(dialogue(bench({}, '1.6.18'), 'touch a', 'delete a 5')).toEqual([
      'ERROR',
      'CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]',
    ])
    expect(dialogue(bench({}, '1.6.45'), 'touch a', 'delete a 5')).toEqual(['CLIENT_ERROR bad command line format', 'NOT_FOUND'])
  })

  it('finds the profile of a version it does not know', () => {
    expect(findMemcachedProfile().version).toBe('1.6.18')
    expect(findMemcachedProfile('1.6.40').version).toBe('1.6.38')
    expect(findMemcachedProfile('1.4.5').version).toBe('1.6.18')
    expect(findMemcachedProfile('1.7.0').version).toBe('1.6.45')
  })
})

describe('silence', () => {
  it('is kept exactly where the encoder says that no answer will come', () => {
    const pool = ['k', 'noreply', '1']
    let commands: string[][] = [[]]
    const all: string[][] = []
    for (let words = 1; words <= 5; words++) {
      commands = commands.flatMap((command) => pool.map((word) => [...command, word]))
      all.push(...commands)
    }
    const out = new ByteWriter()
    const b = bench()
    let tried = 0
    for (const { name } of MEMCACHED_COMMANDS) {
      for (const words of [[], ...all]) {
        const command = [name, ...words]
        out.reset()
        let answers: number
        try {
          answers = encodeMemcachedCommand(out, command) === NO_ANSWER ? 0 : 1
        } catch (error) {
          if (!(error instanceof CommandError)) throw error
          continue
        }
        tried++
        const given = b.feed(1, command).length
        if (given !== answers) expect(given, command.join(' ')).toBe(answers)
      }
    }
    expect(tried).toBeGreaterThan(2_000)
  })
})

it('a command that throws is an error of its client, told once, or silent where nothing is awaited', () => {
  let wrong = true
  const told: unknown[] = []
  const wallMicros = () => {
    if (wrong) throw new Error('a planted mistake')
    return 1_700_000_000_000_000
  }
  const onInternalError = (thrown: unknown, command: string) => told.push(`${command}: ${(thrown as Error).message}`)
  const b = new EngineBench((options) => createMemcachedEngine(profile, options), { wallMicros, onInternalError }).connect(1, 2)
  expect(b.ask(1, ['set', 'k', '0', '0', 'v'])).toEqual(new ReplyError('SERVER_ERROR internal error: a planted mistake'))
  expect(b.feed(1, ['set', 'k', '0', '0', 'noreply', 'v'])).toEqual([])
  expect(told).toEqual(['set: a planted mistake', 'set: a planted mistake'])
  wrong = false
  expect(b.ask(2, ['set', 'k', '0', '0', 'v'])).toEqual(new SimpleString('STORED'))
})
