import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Behaviour } from '../../../test/support/fakes/behaviour.ts'
import { answer } from '../../../test/support/fakes/behaviours/answer.ts'
import { deny } from '../../../test/support/fakes/behaviours/deny.ts'
import { FakeCache } from '../../../test/support/fakes/fake-cache.ts'
import { RespProbe } from '../probe/resp-probe.ts'
import { sweepKeys } from './sweep-keys.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function serve(...behaviours: Behaviour[]) {
  const fake = await FakeCache.start({ family: 'redis', behaviours })
  cleanUps.push(() => fake.close())
  const endpoint = { host: '127.0.0.1', port: fake.port }
  const probe = await RespProbe.open(endpoint, 5_000)
  cleanUps.push(() => probe.close())
  return {
    fake,
    endpoint,
    store: (keys: readonly string[]) => probe.call('MSET', ...keys.flatMap((key) => [key, '1'])),
    stored: async (keys: readonly string[]) => Number(await probe.call('EXISTS', ...keys)),
    call: (...words: string[]) => probe.call(...words),
  }
}

const PREFIXES = ['cp:run1:', 'a*b:', 'a?b:', 'a[x]b:', 'a[^x]b:', 'a\\b:', 'a\\*b:', '*', '[', 'a]b^c:']

describe('a sweep deletes the keys that begin with its prefix and no others', () => {
  it.each(PREFIXES)('of %j, whatever that means as a pattern', async (prefix) => {
    const { endpoint, store, stored } = await serve()
    const own = [prefix, `${prefix}1`, `${prefix}*`, `${prefix}\n`]
    const others = ['cp:run10:1', 'CP:RUN1:1', 'aXXb:1', 'aXb:1', 'axb:1', 'ab:1', 'b:1', '1', 'x', `x${prefix}1`].filter(
      (key) => !key.startsWith(prefix),
    )
    await store([...own, ...others])
    expect(await sweepKeys(endpoint, prefix)).toBe(own.length)
    expect(await stored(own)).toBe(0)
    expect(await stored(others)).toBe(others.length)
  })

  it('also when the server does not look at the pattern', async () => {
    const page = '*2\r\n$1\r\n0\r\n*3\r\n$4\r\nours\r\n$6\r\nothers\r\n$5\r\nour:1\r\n'
    const { endpoint, store, stored } = await serve(answer({ commands: ['SCAN'], bytes: page }))
    await store(['ours', 'others', 'our:1'])
    expect(await sweepKeys(endpoint, 'our:')).toBe(1)
    expect(await stored(['ours', 'others'])).toBe(2)
  })

  it('through all pages of a large keyspace', async () => {
    const { endpoint, store, call } = await serve()
    for (let from = 0; from < 3_000; from += 500) await store(Array.from({ length: 500 }, (_, index) => `own:${from + index}`))
    await store(['other'])
    expect(await sweepKeys(endpoint, 'own:')).toBe(3_000)
    expect(await call('DBSIZE')).toBe(1)
  })

  it('and asks for nothing to be deleted where there are none', async () => {
    const { fake, endpoint, store } = await serve()
    await store(['other'])
    expect(await sweepKeys(endpoint, 'own:')).toBe(0)
    expect(fake.counts.commands).not.toHaveProperty('UNLINK')
  })

  it('in the database that it is told', async () => {
    const { endpoint, store, stored, call } = await serve()
    await store(['own:1'])
    await call('SELECT', '3')
    await store(['own:1', 'own:2'])
    expect(await sweepKeys({ ...endpoint, database: 3 }, 'own:')).toBe(2)
    await call('SELECT', '0')
    expect(await stored(['own:1'])).toBe(1)
  })

  it('and refuses to do so without a prefix, before it asks anybody', async () => {
    const { fake, endpoint, store, stored } = await serve()
    await store(['a', 'b'])
    const before = fake.counts.connections
    await expect(sweepKeys(endpoint, '')).rejects.toThrow('without a prefix')
    expect(fake.counts.connections).toBe(before)
    expect(await stored(['a', 'b'])).toBe(2)
  })
})

describe('a sweep by a user who may not do everything', () => {
  const NAMES = [{ stem: 'own:', count: 1_200 }]

  it('deletes by name where keys may not be listed', async () => {
    const { fake, endpoint, store, stored } = await serve(deny({ commands: ['SCAN'], error: 'NOPERM no scan' }))
    await store(['own:0', 'own:1199', 'own:1200', 'own:x'])
    expect(await sweepKeys(endpoint, 'own:', NAMES)).toBe(2)
    expect(await stored(['own:1200', 'own:x'])).toBe(2)
    // In pieces that a server takes.
    expect(fake.counts.commands['UNLINK']).toBe(3)
  })

  it('lists where that is allowed, names or not', async () => {
    const { endpoint, store } = await serve()
    await store(['own:x', 'own:1'])
    expect(await sweepKeys(endpoint, 'own:', NAMES)).toBe(2)
  })

  it('deletes by DEL where UNLINK is refused', async () => {
    const { fake, endpoint, store, stored } = await serve(deny({ commands: ['UNLINK'], error: 'ERR unknown command' }))
    await store(['own:1', 'own:2'])
    expect(await sweepKeys(endpoint, 'own:')).toBe(2)
    expect(await stored(['own:1', 'own:2'])).toBe(0)
    expect(fake.counts.commands['DEL']).toBe(1)
  })

  it.each([
    ['NOPERM no scan', [deny({ commands: ['SCAN'], error: 'NOPERM no scan' })], {}],
    ['NOPERM no del', [deny({ commands: ['UNLINK'], error: 'NOPERM no unlink' }), deny({ commands: ['DEL'], error: 'NOPERM no del' })], {}],
    ['WRONGPASS not you', [deny({ commands: ['AUTH'], error: 'WRONGPASS not you' })], { password: 'secret' }],
    ['ERR no such database', [deny({ commands: ['SELECT'], error: 'ERR no such database' })], { database: 99 }],
    ['SCAN gave no page', [answer({ commands: ['SCAN'], bytes: '+OK\r\n' })], {}],
  ] as const)('says why it could not: %s', async (text, behaviours, login) => {
    const { fake, endpoint, store } = await serve(...behaviours)
    await store(['own:1'])
    await expect(sweepKeys({ ...endpoint, ...login }, 'own:')).rejects.toThrow(text)
    // Its connection is closed: the test's own is left.
    while (fake.counts.open > 1) await new Promise((resolve) => setTimeout(resolve, 5))
  })
})

describe('a sweep ends after 20 s', () => {
  /** A clock by which each command of a kind takes ten seconds. */
  function tenSecondsEach(fake: FakeCache, command: string): void {
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => 10_000 * (fake.counts.commands[command] ?? 0))
    cleanUps.push(() => clock.mockRestore())
  }

  it('with what it has deleted by then, at a server that never comes to the end of its keys', async () => {
    const { fake, endpoint, store } = await serve(answer({ commands: ['SCAN'], bytes: '*2\r\n$1\r\n7\r\n*1\r\n$5\r\nown:1\r\n' }))
    await store(['own:1'])
    tenSecondsEach(fake, 'SCAN')
    expect(await sweepKeys(endpoint, 'own:')).toBe(1)
    expect(fake.counts.commands['SCAN']).toBe(2)
  })

  it('and says so where it went by name', async () => {
    const { fake, endpoint } = await serve(deny({ commands: ['SCAN'], error: 'NOPERM no scan' }))
    tenSecondsEach(fake, 'UNLINK')
    await expect(sweepKeys(endpoint, 'own:', [{ stem: 'own:', count: 5_000 }])).rejects.toThrow('not all within 20 s')
    expect(fake.counts.commands['UNLINK']).toBe(2)
  })
})
