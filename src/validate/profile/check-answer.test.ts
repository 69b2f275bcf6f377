import { expect, it } from 'vitest'
import { MemcachedValues, MetaReply, type Reply, SimpleString } from '../../protocol/reply.ts'
import { checkAnswer } from './check-answer.ts'
import { MEMCACHED_SAMPLES } from './memcached-samples.ts'
import { REDIS_SAMPLES } from './redis-samples.ts'

const ANSWERS: readonly Reply[] = [
  new SimpleString('OK'),
  Buffer.from('v'),
  5,
  [Buffer.from('v')],
  new MemcachedValues([]),
  new MemcachedValues([], 'stats'),
  new MetaReply('HD', [], null),
]

/** Kinds of answers that a command takes, of those above. */
function taken(command: readonly [string, ...unknown[]]): number {
  return ANSWERS.filter((reply) => {
    try {
      checkAnswer(command as never, reply)
      return true
    } catch {
      return false
    }
  }).length
}

it.each([...REDIS_SAMPLES, ...MEMCACHED_SAMPLES].map((sample) => [sample.name, sample] as const))(
  '%s is answered by one kind of reply',
  (name, sample) => {
    expect(taken(sample.command('p:', 0) as never)).toBe(name === 'incr' ? 2 : 1)
  },
)

it('says what was due and what came', () => {
  expect(() => checkAnswer(['GET', 'k'], new SimpleString('OK'))).toThrow('the server answered the status "OK" where a string was due')
  expect(() => checkAnswer(['GET', 'k'], null)).not.toThrow()
  expect(() => checkAnswer(['SET', 'k', 'v', 'NX'], null)).not.toThrow()
})
