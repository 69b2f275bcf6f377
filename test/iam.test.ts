// needs: openssl

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Asker } from '../src/client/client.contract.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { type Runtime, SECOND } from '../src/runtime/runtime.ts'
import { openTarget } from '../src/targets/open-target.ts'
import { makeTestCertificates, type TestCertificates } from './support/certificates.ts'
import { IamEndpoint } from './support/iam-endpoint.ts'

/** One second is ten minutes: what IAM does in a quarter of an hour can be watched in a second and a half. */
const HASTE = 600
const CLIENT = { deadlineNanos: 5 * SECOND, connections: 1, id: 1 }
const AWS = { AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_SESSION_TOKEN: 'TOKEN/+=', AWS_REGION: 'eu-west-1' }

const real = createRealRuntime({ seed: 1 })
const folder = mkdtempSync(join(tmpdir(), 'iam-test-'))
const startedMillis = Date.now()
const clockMillis = () => startedMillis + (Date.now() - startedMillis) * HASTE
/** Long waits pass in haste and the wall clock with them; what happens within a second does not. */
const runtime: Runtime = {
  ...real,
  wall: { nowMicros: () => clockMillis() * 1000 },
  after: (delay, fire) => real.after(delay >= 30 * SECOND ? delay / HASTE : delay, fire),
}
let certificates: TestCertificates
let endpoint: IamEndpoint

beforeAll(() => {
  certificates = makeTestCertificates(folder)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  real.close()
})
beforeEach(async () => {
  const secretOf = (id: string) => (id === 'ID' ? 'SECRET' : undefined)
  endpoint = await IamEndpoint.start({ tls: certificates.server, cache: 'My-Cache', user: 'me', region: 'eu-west-1', secretOf, clockMillis })
})
afterEach(() => endpoint.close())

const url = (user = 'me') => `rediss://127.0.0.1:${endpoint.port}?ca=${certificates.server.caFile}&auth=iam&cache=My-Cache&user=${user}`
const open = (client: string, env: Record<string, string> = AWS, target = url()) => openTarget(target, { runtime, client, env })

describe.each(['wire', 'ioredis'])('IAM by %s', (client) => {
  test('a live connection says AUTH again, a new one has a fresh token', async () => {
    const target = await open(client)
    const connected = await target.connect(CLIENT)
    const asker = new Asker(connected)
    await asker.reply(['SET', 'a', 'b'])
    const mine = endpoint.logins.length - 1
    while (endpoint.logins[mine]! < 3) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await asker.reply(['SET', 'a', 'b'])).toBeDefined()
    expect(endpoint.logins).toHaveLength(mine + 1)
    endpoint.cut()
    while ((await asker.ask(['SET', 'a', 'b'])).kind === 'failed') await new Promise((resolve) => setTimeout(resolve, 20))
    expect(endpoint.logins.length).toBeGreaterThan(mine + 1)
    await connected.close()
    await target.close()
  })
})

test.each([
  ['another user', {}, 'you', 'user'],
  ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'SECRETS' }, 'me', 'signature'],
  ['an unknown access key', { AWS_ACCESS_KEY_ID: 'IDS' }, 'me', 'access key'],
  ['another region', { AWS_REGION: 'us-east-1' }, 'me', 'scope'],
])('%s is refused, without a secret in the message', async (_, env, user, verdict) => {
  const error = await open('wire', { ...AWS, ...env }, url(user)).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'TARGET_AUTH', message: expect.stringMatching(/refuses this user name or password/) })
  expect(JSON.stringify(error)).not.toMatch(/SECRET|TOKEN|X-Amz/)
  expect(endpoint.verdicts).toEqual([verdict])
})

test('no credentials, no region', async () => {
  await expect(open('wire', { HOME: '/nowhere', AWS_REGION: 'eu-west-1' })).rejects.toMatchObject({
    code: 'TARGET_AUTH',
    hint: expect.stringMatching(/AWS_PROFILE/),
  })
  await expect(open('wire', { AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET' })).rejects.toThrow(/region=NAME, or AWS_REGION/)
})
