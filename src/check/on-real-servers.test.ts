import { expect, it } from 'vitest'
import { onRealServers } from './on-real-servers.ts'

it.each([
  [
    'cacheproof run session-store --target engine:valkey --target=engine:memcached --virtual --blocks 6 --out there',
    'cacheproof run session-store --target local:valkey --target=local:memcached --blocks 6',
  ],
  ["cacheproof run mine.yaml --target 'engine:valkey?maxmemory=1mb'", "cacheproof run mine.yaml --target 'local:valkey?maxmemory=1mb'"],
  ['cacheproof run --seed 1', 'cacheproof run leaderboard session-store --target local:valkey --target local:memcached'],
])('%s', (command, real) => {
  expect(onRealServers(command, ['leaderboard', 'session-store'], ['engine:valkey', 'engine:memcached'])).toBe(real)
})
