import { TargetError } from '../../client/target-error.ts'
import type { ProbeEndpoint, ProbeError } from './socket-probe.ts'
import { type Answerer, whatAnswers } from './what-answers.ts'

/** An endpoint and how its URL may be shown. */
export interface NamedEndpoint extends ProbeEndpoint {
  /** "redis://cache.example:6379": no secrets. */
  readonly label: string
  /** What it was taken for. */
  readonly family: 'redis' | 'memcached'
}

const FAMILY_NAMES = { redis: 'Redis or Valkey', memcached: 'Memcached' } as const

/** Why an endpoint can't be used, and what to try: looks once more at what answers there. */
export async function explainFailure(endpoint: NamedEndpoint, error: ProbeError): Promise<TargetError> {
  const { label, host } = endpoint
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return new TargetError(
        'TARGET_UNREACHABLE',
        `${label}: the host name ${host} can't be resolved`,
        'Check its spelling, and that this machine uses the right DNS.',
      )
    case 'ECONNREFUSED':
      return new TargetError('TARGET_UNREACHABLE', `${label}: the connection was refused`, 'Is the server running, and is this its port?')
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return new TargetError('TARGET_UNREACHABLE', `${label}: there is no route to the host (${error.code})`, 'Check the address and the network.')
    case 'EACCES':
    case 'EPERM':
      return new TargetError('TARGET_UNREACHABLE', `${label}: this machine does not allow the connection (${error.code})`, 'Check its firewall.')
  }
  const certificate = CERTIFICATE_PROBLEMS[error.code]
  if (certificate !== undefined) return new TargetError('TARGET_TLS', `${label}: ${certificate[0]} (${error.code})`, certificate[1])
  if (/CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA/.test(error.code)) {
    return new TargetError(
      'TARGET_TLS',
      `${label}: the server refuses our side of the TLS handshake (${error.code})`,
      'It may want a client certificate: ?cert=FILE&key=FILE.',
    )
  }
  return fromAnswerer(endpoint, error, await whatAnswers(endpoint))
}

/** By Node's code: what is wrong with the server's certificate, and what to do. */
const CERTIFICATE_PROBLEMS: Readonly<Record<string, readonly [string, string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ["the server's certificate is self-signed", "Name it as trusted with ?ca=FILE, or don't check it with ?insecure."],
  SELF_SIGNED_CERT_IN_CHAIN: ["the server's certificate comes from an authority that is not trusted here", 'Name the authority with ?ca=FILE.'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["the server's certificate comes from an authority that is not trusted here", 'Name the authority with ?ca=FILE.'],
  UNABLE_TO_GET_ISSUER_CERT: ["the server's certificate comes from an authority that is not trusted here", 'Name the authority with ?ca=FILE.'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    "the server's certificate comes from an authority that is not trusted here",
    'Name the authority with ?ca=FILE.',
  ],
  CERT_SIGNATURE_FAILURE: ["the server's certificate was not signed by the authority given", 'Check ?ca=FILE.'],
  CERT_HAS_EXPIRED: ["the server's certificate has expired", 'Renew it; ?insecure skips the check.'],
  CERT_NOT_YET_VALID: ["the server's certificate is not valid yet", "Check this machine's clock."],
  ERR_TLS_CERT_ALTNAME_INVALID: ["the server's certificate is for another host name", 'Say which with ?sni=NAME.'],
}

function fromAnswerer(endpoint: NamedEndpoint, error: ProbeError, answerer: Answerer | undefined): TargetError {
  const { label, family } = endpoint
  const expected = FAMILY_NAMES[family]
  const asked = endpoint.tls !== undefined
  if (answerer === undefined) {
    const timedOut = error.code === 'ETIMEDOUT'
    return new TargetError(
      'TARGET_UNREACHABLE',
      `${label}: ${error.message}`,
      timedOut ? 'A firewall or security group may be in the way; an ElastiCache endpoint is only reachable inside its VPC.' : '',
    )
  }
  const { speaks, tls } = answerer
  if (speaks === 'nothing')
    return new TargetError(
      'TARGET_UNREACHABLE',
      `${label}: something accepts connections there but does not answer`,
      'Is this the right port? Is the server stuck?',
    )
  if (speaks === 'redis' || speaks === 'memcached') {
    if (speaks !== family) return wrongEngine(endpoint, speaks, tls)
    if (tls && !asked) return wantsTls(label)
    if (!tls && asked)
      return new TargetError('TARGET_TLS', `${label}: the server does not speak TLS there`, `Try ${withScheme(label, PLAIN_SCHEMES)}`)
    return new TargetError('TARGET_UNREACHABLE', `${label}: ${error.message}`, `${expected} does answer there; try again.`)
  }
  if (tls && !asked) return wantsTls(label)
  const what = speaks === 'http' ? 'an HTTP server' : `something that is not ${expected}`
  return new TargetError('TARGET_WRONG_ENGINE', `${label}: answers like ${what}`, 'Check host and port.')
}

function wrongEngine(endpoint: NamedEndpoint, speaks: 'redis' | 'memcached', tls: boolean): TargetError {
  const address = endpoint.label.slice(endpoint.label.indexOf('://'))
  const scheme = speaks === 'redis' && tls ? 'rediss' : speaks
  return new TargetError('TARGET_WRONG_ENGINE', `${endpoint.label}: answers like ${FAMILY_NAMES[speaks]}`, `Try ${scheme}${address.split(',')[0]}`)
}

const TLS_SCHEMES: Readonly<Record<string, string>> = { redis: 'rediss', valkey: 'valkeys' }
const PLAIN_SCHEMES: Readonly<Record<string, string>> = { rediss: 'redis', valkeys: 'valkey' }

function wantsTls(label: string): TargetError {
  const hint = label.startsWith('memcached:')
    ? 'TLS to Memcached is not supported; aim at a port without it.'
    : `Try ${withScheme(label, TLS_SCHEMES)}`
  return new TargetError('TARGET_TLS', `${label}: the server wants TLS`, hint)
}

function withScheme(label: string, schemes: Readonly<Record<string, string>>): string {
  const scheme = label.slice(0, label.indexOf('://'))
  return `${schemes[scheme] ?? scheme}${label.slice(scheme.length)}`
}
