import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cli, isInPlainWords, startCli } from './support/cli.ts'
import { silence } from './support/fakes/behaviours/silence.ts'
import { FakeCache } from './support/fakes/fake-cache.ts'

/** Before the load, too, an endpoint that answers nothing holds nobody: 5,000 entries would take some three minutes. */
const folder = mkdtempSync(join(tmpdir(), 'cacheproof-bounded-steps-'))
let cache: FakeCache
const args = () => ['run', join(folder, 'filled.yaml'), '--target', cache.url, '--seed', '5', '--out', join(folder, 'run')]

beforeAll(async () => {
  const lines = [
    'name: filled',
    'pattern: cache-aside',
    'with: { ttl: none }',
    'baseline: false',
    'keys: { count: 5000 }',
    'load: { open: { rate: 300/s } }',
  ]
  writeFileSync(join(folder, 'filled.yaml'), `${[...lines, 'phases: [ { warm-up: auto }, { steady: 1s } ]'].join('\n')}\n`)
})
afterAll(async () => {
  await cache.close()
  rmSync(folder, { recursive: true })
})

it('filling is given up when nearly every call fails, in words and with exit code 3', async () => {
  cache = await FakeCache.start({ family: 'redis', behaviours: [silence({ commands: ['SET'], afterCommands: 50 })] })
  const outcome = await cli(args())
  expect(outcome.stderr).toMatch(/nearly every call failed before the load could begin: \w+/)
  expect(outcome.code).toBe(3)
  expect(isInPlainWords(outcome)).toBe(true)
  await cache.close()
})

it('Ctrl-C while the cache is filled ends at once', async () => {
  cache = await FakeCache.start({ family: 'redis', behaviours: [silence({ commands: ['*'], afterCommands: 50 })] })
  const { child, ended } = startCli(args())
  while (Object.values(cache.counts.commands).reduce((sum, count) => sum + count, 0) < 70) await pause(20)
  await pause(300)
  child.kill('SIGINT')
  const began = performance.now()
  const outcome = await ended
  // A second of the clean-up, and what a busy machine takes for the report; the reaper does the rest.
  expect(performance.now() - began).toBeLessThan(8_000)
  expect([outcome.code, outcome.stderr]).toEqual([130, expect.stringContaining('stopping')])
  expect(isInPlainWords(outcome)).toBe(true)
})
