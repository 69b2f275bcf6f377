import type { ClientOptions } from '../client/client.ts'
import { createSingleNodeRouting } from '../client/routing/single-node-routing.ts'
import { chooseEngine } from '../engine/engine-choice.ts'
import { hostPort } from '../network/address.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { EngineServer } from '../server/engine-server.ts'
import { type ClientChoice, chooseClient, OWN_CLIENT } from './client-choice.ts'
import { engineOptions, engineSettings } from './engine-target.ts'
import { freePort } from './local/free-port.ts'
import { connectMemcached, memcachedClientSettings } from './memcached-endpoint.ts'
import { connectRedis, redisClientSettings } from './redis-endpoint.ts'
import type { OpenTargetOptions, Target } from './target.ts'
import { parseTargetUrl } from './url/target-url.ts'

/**
 * The reference engine of an `engine:` URL behind a loopback socket, so that other processes of ours can reach it by
 * `connectUrl`. Reached through real sockets: no network is modelled.
 */
export async function openServedEngine(text: string, options: OpenTargetOptions): Promise<Target> {
  const url = parseTargetUrl(text)
  if (url.kind !== 'engine') throw new UsageError(`${url.label} is not an engine: target`)
  const choice = chooseClient(options.client, url)
  const { profile, createEngine } = chooseEngine(url.engine, url.profile)
  const server = new EngineServer({ runtime: options.runtime, createEngine, engineOptions: engineOptions(url) })
  const { host, port } = await server.start({ port: await freePort() })
  let up = true
  const address = `${url.engine}://${hostPort(host, port)}`
  const endpoint = { label: address, host, port, database: 0, login: { words: () => ({}) } }
  const routing = createSingleNodeRouting({ host, port })
  const connect = (by: ClientChoice, client: ClientOptions) =>
    url.family === 'redis' ? connectRedis(endpoint, by, client, options) : connectMemcached(routing, by, client, options)
  return {
    family: url.family,
    description: {
      url: url.shown,
      label: url.label,
      engine: profile.engine,
      version: profile.version,
      topology: 'embedded, behind a socket',
      ours: true,
      tls: false,
      evidence: 'modelled',
      settings: engineSettings(url),
      networkModel: 'loopback sockets of this machine, in the process that generates no load',
    },
    connectUrl: address,
    clientSettings: url.family === 'redis' ? redisClientSettings(choice) : memcachedClientSettings(choice, routing),
    connect: (client) => connect(choice, client),
    connectOwn: (client) => connect(OWN_CLIENT, client),
    control: {
      kill(done) {
        up = false
        server.kill().then(() => done(), done)
      },
      start(done) {
        if (up) return done()
        up = true
        server.start({ port }).then(
          () => done(),
          (error: Error) => {
            up = false
            done(error)
          },
        )
      },
      pid: () => undefined,
    },
    close: () => server.kill(),
  }
}
