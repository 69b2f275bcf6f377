import type { ClientOptions } from '../client/client.ts'
import { createSingleNodeRouting } from '../client/routing/single-node-routing.ts'
import { hostPort } from '../network/address.ts'
import { type ClientChoice, OWN_CLIENT } from './client-choice.ts'
import { describeMemcached } from './describe/describe-memcached.ts'
import { type LocalServer, startLocalServer } from './local/local-server.ts'
import { connectMemcached, memcachedClientSettings } from './memcached-endpoint.ts'
import { connectRedis, inspectRedis, redisClientSettings } from './redis-endpoint.ts'
import type { OpenTargetOptions, Target, TargetControl } from './target.ts'
import type { LocalTargetUrl } from './url/target-url.ts'

/** A real server, started for the length of the run. Throws `TargetError` when it isn't there or doesn't start. */
export async function openLocalTarget(url: LocalTargetUrl, choice: ClientChoice, options: OpenTargetOptions): Promise<Target> {
  const { engine: kind, persistence } = url
  const server = await startLocalServer({ kind, persistence, args: argumentsOf(url), env: options.env })
  try {
    const { host, port } = server
    const address = `${kind}://${hostPort(host, port)}`
    const endpoint = { label: address, host, port, database: 0, login: { words: () => ({}) } }
    const nodes = [{ host, port, label: address, family: 'memcached' as const }]
    const routing = createSingleNodeRouting({ host, port })
    const facts = url.family === 'redis' ? await inspectRedis(endpoint) : await describeMemcached(nodes)
    const settings = { ...facts.settings, ...settingsOf(url) }
    const connect = (by: ClientChoice, client: ClientOptions) =>
      url.family === 'redis' ? connectRedis(endpoint, by, client, options) : connectMemcached(routing, by, client, options)
    return {
      family: url.family,
      description: { url: url.shown, label: url.label, ...facts, settings, ours: true, tls: false, evidence: 'observed' },
      connectUrl: address,
      clientSettings: url.family === 'redis' ? redisClientSettings(choice) : memcachedClientSettings(choice, routing),
      connect: (client) => connect(choice, client),
      connectOwn: (client) => connect(OWN_CLIENT, client),
      control: controlOf(server),
      close: () => server.stop(),
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

function controlOf(server: LocalServer): TargetControl {
  return {
    kill(done) {
      server.kill().then(() => done(), done)
    },
    start(done) {
      server.start().then(() => done(), done)
    },
    pid: () => server.pid,
  }
}

function argumentsOf(url: LocalTargetUrl): string[] {
  const { maxMemoryBytes, maxMemoryPolicy, threads } = url
  if (url.family === 'memcached') {
    return [
      ...(maxMemoryBytes === undefined ? [] : ['-m', String(Math.max(1, Math.round(maxMemoryBytes / 1024 ** 2)))]),
      ...(threads === undefined ? [] : ['-t', String(threads)]),
    ]
  }
  return [
    ...(maxMemoryBytes === undefined ? [] : ['--maxmemory', String(maxMemoryBytes)]),
    ...(maxMemoryPolicy === undefined ? [] : ['--maxmemory-policy', maxMemoryPolicy]),
    ...(threads === undefined ? [] : ['--io-threads', String(threads)]),
  ]
}

/** What we set ourselves we know better than INFO does. */
function settingsOf(url: LocalTargetUrl): Record<string, string> {
  return {
    ...(url.family === 'redis' ? { persistence: url.persistence } : {}),
    ...(url.family === 'redis' && url.threads !== undefined ? { 'io-threads': String(url.threads) } : {}),
  }
}
