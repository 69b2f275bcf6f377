import type { ServerKind } from './find-program.ts'

/** What survives a `kill -9`. "rdb": snapshots only; "aof": all but about the last second; "aof-always": what was acknowledged. */
export type Persistence = 'none' | 'rdb' | 'aof' | 'aof-always'

export const PERSISTENCE: readonly Persistence[] = ['none', 'rdb', 'aof', 'aof-always']

/** PEM files. */
export interface ServerTls {
  readonly certFile: string
  readonly keyFile: string
  /** Of the authority that signed both sides' certificates. */
  readonly caFile: string
  /** Does the server want a certificate of its clients? False unless told. Redis and Valkey only. */
  readonly verifyClients?: boolean
}

export interface ServerArguments {
  readonly kind: ServerKind
  readonly port: number
  readonly persistence: Persistence
  readonly tls?: ServerTls
  /** Appended, so that they win over ours: `--maxmemory 64mb`, `-m 64`. */
  readonly args: readonly string[]
  /** memcached refuses to run as root unless told as whom. */
  readonly asRoot: boolean
}

/** The command line of a server on a loopback port that nothing but this machine can reach. */
export function serverArguments(options: ServerArguments): string[] {
  return options.kind === 'memcached' ? memcachedArguments(options) : redisArguments(options)
}

function redisArguments({ port, persistence, tls, args }: ServerArguments): string[] {
  const ports = tls === undefined ? ['--port', String(port)] : ['--port', '0', '--tls-port', String(port), ...redisTls(tls)]
  return [
    ...ports,
    '--bind',
    '127.0.0.1',
    '--protected-mode',
    'yes',
    '--daemonize',
    'no',
    '--dir',
    '.',
    ...persistenceArguments(persistence),
    ...args,
  ]
}

function redisTls(tls: ServerTls): string[] {
  return [
    ...['--tls-cert-file', tls.certFile, '--tls-key-file', tls.keyFile, '--tls-ca-cert-file', tls.caFile],
    ...['--tls-auth-clients', tls.verifyClients === true ? 'yes' : 'no'],
  ]
}

function persistenceArguments(persistence: Persistence): string[] {
  if (persistence === 'none') return ['--save', '', '--appendonly', 'no']
  if (persistence === 'rdb') return ['--save', '60 1', '--appendonly', 'no']
  return ['--save', '', '--appendonly', 'yes', '--appendfsync', persistence === 'aof' ? 'everysec' : 'always']
}

function memcachedArguments({ port, tls, args, asRoot }: ServerArguments): string[] {
  return [
    ...['-l', '127.0.0.1', '-p', String(port), '-U', '0'],
    ...(asRoot ? ['-u', 'root'] : []),
    ...(tls === undefined ? [] : ['-Z', '-o', `ssl_chain_cert=${tls.certFile},ssl_key=${tls.keyFile}`]),
    ...args,
  ]
}
