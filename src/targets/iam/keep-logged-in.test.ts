import { expect, test } from 'vitest'
import { keepLoggedIn } from '../../client/keep-logged-in.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { parseTargetUrl, type RedisTargetUrl } from '../url/target-url.ts'
import { loginOf } from './login.ts'

const HOUR = 3600 * SECOND
const url = parseTargetUrl('rediss://h?auth=iam&cache=c&user=me&region=eu-west-1') as RedisTargetUrl

test('over two days no token is older than 15 minutes and no connection goes 12 hours without AUTH', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  const login = loginOf(url, { AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET' }, runtime.wall)
  const said = [{ at: 0, password: login.words().password! }]
  await runtime.run('two days', async (task) => {
    const renewal = keepLoggedIn(runtime, login, async (words) => {
      said.push({ at: runtime.now(), password: words.password! })
    })
    await task.sleep(48 * HOUR)
    renewal.cancel()
    const count = said.length
    await task.sleep(HOUR)
    expect(said).toHaveLength(count)
  })
  const gaps = said.slice(1).map(({ at }, index) => at - said[index]!.at)
  expect(Math.max(...gaps)).toBeLessThan(900 * SECOND)
  expect(48 * HOUR - said.at(-1)!.at).toBeLessThan(900 * SECOND)
  expect(new Set(said.map(({ password }) => password)).size).toBe(said.length)
})

test('a renewal that fails, or finds no credentials, is tried again within minutes', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  const env: Record<string, string> = { AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET' }
  const at: number[] = []
  await runtime.run('an hour', async (task) => {
    keepLoggedIn(runtime, loginOf(url, env, runtime.wall), async () => {
      at.push(runtime.now() / (60 * SECOND))
      if (at.length === 1) throw new Error('the endpoint is away')
      if (at.length === 2) delete env['AWS_ACCESS_KEY_ID']
    })
    await task.sleep(23.5 * 60 * SECOND)
    env['AWS_ACCESS_KEY_ID'] = 'ID'
    await task.sleep(12 * 60 * SECOND)
  })
  expect(at).toEqual([10, 11, 24, 34])
})

test('a login by password is never renewed', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  const login = loginOf(parseTargetUrl('redis://h') as RedisTargetUrl, { CACHEPROOF_USERNAME: 'me', CACHEPROOF_PASSWORD: 'p' }, runtime.wall)
  expect(login.words()).toEqual({ username: 'me', password: 'p' })
  await runtime.run('a day', async (task) => {
    keepLoggedIn(runtime, login, () => expect.unreachable())
    await task.sleep(24 * HOUR)
  })
})
