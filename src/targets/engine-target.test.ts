import { expect, test } from 'vitest'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import { openTarget } from './open-target.ts'
import { openServedEngine } from './served-engine-target.ts'
import { expectDescribed, targetContract } from './target.contract.ts'
import type { Target } from './target.ts'

for (const url of ['engine:redis', 'engine:valkey?maxmemory=64mb&policy=allkeys-lru', 'engine:memcached']) {
  targetContract(`${url}, virtual time`, async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    return { runtime, target: await openTarget(url, { runtime, client: 'wire', env: {} }), cleanUp() {} }
  })
  targetContract(`${url}, real time`, async () => {
    const runtime = createRealRuntime({ seed: 1 })
    return { runtime, target: await openTarget(url, { runtime, client: 'wire', env: {} }), cleanUp: () => runtime.close() }
  })
  targetContract(`${url}, behind a socket`, async () => {
    const runtime = createRealRuntime({ seed: 1 })
    return { runtime, target: await openServedEngine(url, { runtime, client: 'wire', env: {} }), cleanUp: () => runtime.close() }
  })
}

test('the suite catches a target that says too little, or too much', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  const target = await openTarget('engine:redis', { runtime, client: 'wire', env: {} })
  const saying = (more: Partial<Target['description']>): Target => ({ ...target, description: { ...target.description, ...more } })
  expectDescribed(target, ['hunter2'])
  for (const wrong of [{ version: 'unknown' }, { engine: 'memcached' }, { settings: {} }, { evidence: 'observed' }, { ours: false }] as const)
    expect(() => expectDescribed(saying(wrong)), JSON.stringify(wrong)).toThrow()
  expect(() => expectDescribed(saying({ url: 'redis://:hunter2@h' }), ['hunter2'])).toThrow()
  await target.close()
})
