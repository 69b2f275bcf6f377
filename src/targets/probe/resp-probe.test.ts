import { afterEach, expect, it } from 'vitest'
import { deep } from '../../../test/support/fakes/behaviours/deep.ts'
import { endless } from '../../../test/support/fakes/behaviours/endless.ts'
import { FakeCache, type FakeCacheOptions } from '../../../test/support/fakes/fake-cache.ts'
import { MemcachedProbe } from './memcached-probe.ts'
import { ProbeReplyError, RespProbe } from './resp-probe.ts'
import { ProbeError } from './socket-probe.ts'

let cache: FakeCache | undefined
afterEach(() => cache?.close())

async function probeOf(...behaviours: NonNullable<FakeCacheOptions['behaviours']>): Promise<RespProbe> {
  cache = await FakeCache.start({ family: 'redis', behaviours })
  return RespProbe.open({ host: '127.0.0.1', port: cache.port }, 5_000)
}

const problem = (answer: Promise<unknown>): Promise<{ code: string; message: string }> =>
  answer.then(
    () => expect.unreachable('it answered'),
    (error) => {
      expect(error).toBeInstanceOf(ProbeError)
      return error
    },
  )

it('gives each kind of answer as what it is', async () => {
  const probe = await probeOf()
  expect(await probe.call('PING')).toBe('PONG')
  expect(await probe.call('SET', 'k', 'für')).toBe('OK')
  expect(await probe.call('MGET', 'k', 'none')).toEqual(['für', null])
  expect(await probe.call('STRLEN', 'k')).toBe(4)
  expect(await probe.call('NöSUCH')).toEqual(new ProbeReplyError("ERR unknown command 'NöSUCH', with args beginning with: "))
  probe.close()
})

it('an answer nested a hundred thousand deep is a problem in words', async () => {
  const probe = await probeOf(deep({ commands: ['*'] }))
  expect(await problem(probe.call('INFO'))).toMatchObject({ code: 'NOT_RESP', message: expect.stringMatching(/nested deeper than 64/) })
  probe.close()
})

it('an answer without an end is not waited for', async () => {
  for (const [as, what] of [
    ['value', /8589934592 is above|8589934592 bytes is above/],
    ['array', /2147483647 elements/],
    ['line', /a line is longer/],
  ] as const) {
    const probe = await probeOf(endless({ as, commands: ['*'] }))
    expect(await problem(probe.call('INFO'))).toMatchObject({ code: 'NOT_RESP', message: expect.stringMatching(what) })
    probe.close()
    await cache!.close()
  }
  cache = await FakeCache.start({ family: 'memcached', behaviours: [endless({ as: 'line', commands: ['*'] })] })
  const probe = await MemcachedProbe.open({ host: '127.0.0.1', port: cache.port }, 5_000)
  expect(await problem(probe.stats(''))).toMatchObject({ code: 'NOT_MEMCACHED' })
  probe.close()
})
