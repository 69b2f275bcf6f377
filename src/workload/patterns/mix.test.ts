import { describe, expect, test } from 'vitest'
import { UnexpectedReply } from '../../client/cache/unexpected-reply.ts'
import { MemcachedValues, SimpleString } from '../../protocol/reply.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { mix } from './mix.ts'
import { expectDeclaredCalls, PREFIX, patternContext } from './pattern.contract.ts'

function make(family: 'redis' | 'memcached', given: object = {}, keys = 500) {
  const runtime = createVirtualRuntime({ seed: 3 })
  // A mix is handed what a pattern is handed, and the family.
  return mix.create({ ...patternContext(mix, given, runtime, { keys }), family })
}

describe.each(['redis', 'memcached'] as const)('mix for %s', (family) => {
  test('the share of reads is the one asked for, and the reply falls into the class of its request', () => {
    const program = make(family, { get: '70%' })
    const empty = family === 'redis' ? null : new MemcachedValues([])
    const value = new Uint8Array([1])
    const full = family === 'redis' ? value : new MemcachedValues([{ key: value, flags: 0, value }])
    let gets = 0
    for (let index = 0; index < 2000; index++) {
      const isGet = String(program.next(index)[0]).toLowerCase() === 'get'
      if (isGet) gets++
      const className = (reply: Parameters<typeof program.onReply>[1]) => program.classes[program.onReply(program.intent(index), reply)]!.name
      if (isGet) {
        expect(className(empty)).toBe('get miss')
        expect(className(full)).toBe('get hit')
      } else expect(className(new SimpleString(family === 'redis' ? 'OK' : 'STORED'))).toBe('set')
    }
    expect(gets / 2000).toBeCloseTo(0.7, 1)
  })

  test('what answers no such request is neither hit nor miss nor stored', () => {
    const program = make(family, { get: '50%' })
    const isGet = (index: number) => String(program.next(index)[0]).toLowerCase() === 'get'
    for (let index = 0; index < 50; index++) {
      const wrong = isGet(index) ? [5, new SimpleString('OK'), []] : [null, 5, new SimpleString('NOT_FOUND'), new MemcachedValues([])]
      for (const reply of [...wrong, family === 'redis' ? new MemcachedValues([]) : null, new MemcachedValues([], 'stats')])
        expect(() => program.onReply(program.intent(index), reply)).toThrow(UnexpectedReply)
    }
  })

  test('every key is under the own prefix, every stored one has a time to live', () => {
    const program = make(family, { get: '0%', ttl: '2500ms' })
    for (let index = 0; index < 100; index++) {
      const command = program.next(index)
      expect(String(command[1]).startsWith(PREFIX)).toBe(true)
      if (family === 'redis') expect([command[0], command[3], command[4]]).toEqual(['SET', 'PX', '2500'])
      else expect([command[0], command[2], command[3]]).toEqual(['set', '0', '3'])
    }
  })

  test('without a time to live of its own the safety one stands in', () => {
    const command = make(family, { get: '0%' }).next(0)
    expect(family === 'redis' ? command[4] : command[3]).toBe(family === 'redis' ? '3600000' : '3600')
  })

  test('is a pure function of the index', () => {
    const forward = make(family)
    const backward = make(family)
    const words = (command: ReturnType<typeof forward.next>) => command.map((word) => Buffer.from(word as string).toString('latin1')).join(' ')
    const said = Array.from({ length: 300 }, (_, index) => words(forward.next(index)))
    for (let index = 299; index >= 0; index--) expect(words(backward.next(index))).toBe(said[index])
  })

  test('fills the key it is told to', () => {
    const command = make(family).fill(17)
    expect(command[1]).toBe(`${PREFIX}mix:17`)
  })
})

test('a time to live beyond 30 days is not read as a date by memcached', () => {
  expect(make('memcached', { get: '0%', ttl: '40d' }).next(0)[3]).toBe(String(30 * 24 * 3600))
})

test('declares the calls that its commands come to', () => {
  expectDeclaredCalls(mix, {})
  expect(() => expectDeclaredCalls({ ...mix, calls: () => ['get'] }, {})).toThrow(/redis/)
  expect(() => expectDeclaredCalls({ ...mix, calls: () => ['get', 'set', 'delete'] }, {})).toThrow(/redis/)
})
