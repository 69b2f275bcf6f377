import type { EngineName } from '../../engine/engine.ts'
import { nearest } from '../../measure/nearest.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { servedCommandsInWords } from '../../serve/served-commands.ts'
import { type StartedEngine, startEngine } from '../../serve/start-engine.ts'
import { readPemFile } from '../../targets/read-pem-file.ts'
import { ENGINES } from '../../targets/url/target-url.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'

export interface ServeFlags {
  readonly port?: number
  readonly host?: string
  readonly unixsocket?: string
  readonly tlsCertFile?: string
  readonly tlsKeyFile?: string
  readonly tlsCaCertFile?: string
  readonly requirepass?: string
  readonly maxmemory?: string
  readonly maxmemoryPolicy?: string
  readonly profile?: string
  readonly seed?: number
}

/** Where clients look for each. */
const PORTS: Readonly<Record<EngineName, number>> = { redis: 6379, valkey: 6379, memcached: 11_211 }

/** Serves a reference engine until Ctrl-C. */
export async function serveCommand(name: string, flags: ServeFlags): Promise<ExitCode> {
  const engine = ENGINES.find((known) => known === name)
  if (engine === undefined) {
    const meant = nearest(name, ENGINES)
    throw new UsageError(`there is no engine "${name}"`, meant === undefined ? `one of ${ENGINES.join(', ')}` : `did you mean ${meant}?`)
  }
  const { unixsocket, port, host, requirepass, maxmemory, maxmemoryPolicy, profile, seed } = flags
  const tls = tlsOf(flags)
  const started = await startEngine(engine, {
    ...(unixsocket === undefined ? { port: port ?? PORTS[engine] } : { path: unixsocket }),
    ...(host !== undefined && { host }),
    ...(tls && { tls }),
    ...(requirepass !== undefined && { password: requirepass }),
    ...(maxmemory !== undefined && { maxMemory: maxmemory }),
    ...(maxmemoryPolicy !== undefined && { policy: maxmemoryPolicy }),
    ...(profile !== undefined && { profile }),
    ...(seed !== undefined && { seed }),
  })
  process.stdout.write(`${greeting(started, requirepass !== undefined)}\n`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await started.stop()
  return EXIT.ok
}

function greeting({ profile, url }: StartedEngine, hasPassword: boolean): string {
  // The password is known to whoever gave it, and to nobody who reads a log.
  const shown = url.replace(/\/\/:[^@]*@/, '//')
  return [
    `${profile.engine} ${profile.version}, the reference engine, at ${shown}${hasPassword ? ', with a password' : ''}`,
    `${servedCommandsInWords(profile)}; what is stored is kept in memory and gone at the end (Ctrl-C)`,
  ].join('\n')
}

function tlsOf({ tlsCertFile, tlsKeyFile, tlsCaCertFile }: ServeFlags) {
  if (tlsCertFile === undefined && tlsKeyFile === undefined && tlsCaCertFile === undefined) return undefined
  if (tlsCertFile === undefined || tlsKeyFile === undefined)
    throw new UsageError('TLS needs a certificate and its key', '--tls-cert-file FILE --tls-key-file FILE')
  return {
    cert: readPemFile('--tls-cert-file ', tlsCertFile),
    key: readPemFile('--tls-key-file ', tlsKeyFile),
    // As tls-auth-clients yes has it: who has a certificate of its own to check asks for one.
    ...(tlsCaCertFile !== undefined && { ca: readPemFile('--tls-ca-cert-file ', tlsCaCertFile), requestCert: true, rejectUnauthorized: true }),
  }
}
