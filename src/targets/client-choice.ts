import { UsageError } from '../runtime/usage-error.ts'
import type { TargetUrl } from './url/target-url.ts'
import { choose } from './url/url-parameters.ts'

/** Which client reaches the target. */
export interface ClientChoice {
  readonly library: 'wire' | 'ioredis' | 'memjs'
  /** The library's own settings are under test, rather than settings fit for measuring. */
  readonly defaults: boolean
}

/** The client that is ours. */
export const OWN_CLIENT: ClientChoice = { library: 'wire', defaults: false }

export const CLIENT_NAMES = ['wire', 'ioredis', 'ioredis:defaults', 'memjs', 'memjs:defaults'] as const

const SPEAKS: Readonly<Record<ClientChoice['library'], string>> = {
  wire: 'every kind of target',
  ioredis: 'Redis and Valkey',
  memjs: 'Memcached without TLS',
}

/** Reads a `--client` name and checks that this client can reach this target. Throws `UsageError` that names what can. */
export function chooseClient(name: string, url: TargetUrl): ClientChoice {
  if (!CLIENT_NAMES.some((known) => known === name)) {
    throw new UsageError(`there is no client "${name}"`, choose(name, CLIENT_NAMES, `Clients are ${CLIENT_NAMES.join(', ')}.`))
  }
  const [library, defaults] = name.split(':') as [ClientChoice['library'], string | undefined]
  const fitting = url.family === 'redis' ? 'ioredis' : 'memjs'
  if (library !== 'wire' && url.kind === 'engine') {
    throw new UsageError(
      `the client ${library} needs a socket, and ${url.label} runs in-process`,
      `Use --client wire, or aim at a real server: local:${url.engine}.`,
    )
  }
  if (library !== 'wire' && library !== fitting) {
    throw new UsageError(`the client ${library} speaks to ${SPEAKS[library]}, not to ${url.label}`, `Use --client wire or --client ${fitting}.`)
  }
  return { library, defaults: defaults === 'defaults' }
}
