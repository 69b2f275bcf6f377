import { expect, test } from 'vitest'
import { UsageError } from '../runtime/usage-error.ts'
import { chooseReference } from './choose-reference.ts'

test.each([
  ['redis', '7.0.15', 'redis-7.0.15', true],
  ['redis', '7.0.4', 'redis-7.0.15', false],
  ['redis', '7.2.1', 'redis-7.2.4', false],
  ['redis', '7.4.2', 'redis-7.2.4', false],
  ['redis', '6.2.6', 'redis-7.0.15', false],
  ['valkey', '8.1.4', 'valkey-8.1.1', false],
  ['valkey', '9.9.9', 'valkey-9.1.2', false],
  ['memcached', '1.6.18', 'memcached-1.6.18', true],
  ['memcached', '1.6.30', 'memcached-1.6.22', false],
  ['memcached', '1.5.0', 'memcached-1.6.18', false],
  ['unknown', 'unknown', 'redis-7.0.15', false],
] as const)('%s %s is held against %s', (engine, version, name, exact) => {
  const family = engine === 'memcached' ? 'memcached' : 'redis'
  const reference = chooseReference({ engine, version }, family, undefined)
  expect(reference.name).toBe(name)
  expect(reference.note === undefined).toBe(exact)
})

test('what is asked for is taken, and said', () => {
  const said = { engine: 'redis', version: '7.0.15' } as const
  expect(chooseReference(said, 'redis', 'valkey-8.0')).toMatchObject({ name: 'valkey-8.0.1', note: expect.stringContaining('as asked') })
  expect(chooseReference(said, 'redis', '7.2')).toMatchObject({ name: 'redis-7.2.4' })
  expect(chooseReference(said, 'redis', 'redis-7.0').note).toBeUndefined()
  expect(() => chooseReference(said, 'redis', 'memcached-1.6.18')).toThrow(UsageError)
  expect(() => chooseReference(said, 'redis', 'redis-7.9')).toThrow(/no profile "redis-7.9"/)
})
