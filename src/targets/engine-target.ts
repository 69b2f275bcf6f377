import { RECONNECT_IN_WORDS } from '../client/reconnect-backoff.ts'
import { chooseEngine } from '../engine/engine-choice.ts'
import { EngineClient } from './engine/engine-client.ts'
import { EngineHost } from './engine/engine-host.ts'
import { DEFAULT_NETWORK, describeNetwork } from './engine/network-model.ts'
import type { OpenTargetOptions, Target } from './target.ts'
import type { EngineTargetUrl } from './url/target-url.ts'

/** The reference engine in this process, behind a modelled network. */
export async function openEngineTarget(url: EngineTargetUrl, options: OpenTargetOptions): Promise<Target> {
  const { profile, createEngine } = chooseEngine(url.engine, url.profile)
  const network = options.network ?? DEFAULT_NETWORK
  const host = new EngineHost({ runtime: options.runtime, createEngine, engineOptions: engineOptions(url), network })
  return {
    family: url.family,
    description: {
      url: url.shown,
      label: url.label,
      engine: profile.engine,
      version: profile.version,
      topology: 'embedded',
      ours: true,
      tls: false,
      evidence: 'modelled',
      settings: engineSettings(url),
      networkModel: describeNetwork(network),
    },
    clientSettings: { protocol: 'in-process', retries: 'none', 'connects again after': RECONNECT_IN_WORDS },
    connect: async (client) => new EngineClient(host, client),
    connectOwn: async (client) => new EngineClient(host, client),
    control: host,
    close: async () => host.close(),
  }
}

export function engineOptions(url: EngineTargetUrl) {
  return {
    ...(url.maxMemoryBytes === undefined ? {} : { maxMemoryBytes: url.maxMemoryBytes }),
    ...(url.maxMemoryPolicy === undefined ? {} : { maxMemoryPolicy: url.maxMemoryPolicy }),
  }
}

export function engineSettings(url: EngineTargetUrl): Record<string, string> {
  const limit = url.maxMemoryBytes ?? 0
  const unlimited = url.engine === 'memcached' ? '64 MiB' : 'no limit'
  return {
    maxmemory: limit === 0 ? unlimited : `${Math.round((limit / 1024 ** 2) * 10) / 10} MiB`,
    ...(url.engine === 'memcached' ? {} : { 'maxmemory-policy': url.maxMemoryPolicy ?? 'noeviction' }),
    persistence: 'none',
  }
}
