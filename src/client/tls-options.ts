import { isIP } from 'node:net'

export interface ProbeTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
}

/** Options of node:tls. The name that is asked for and checked is `servername`, or the host unless that is an address. */
export function tlsOptions(host: string, tls: ProbeTls) {
  const name = tls.servername ?? (isIP(host) === 0 ? host : undefined)
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(name === undefined ? {} : { servername: name }),
    rejectUnauthorized: tls.rejectUnauthorized ?? true,
  }
}
