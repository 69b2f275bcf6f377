import { type ProbeEndpoint, ProbeError, SocketProbe } from './socket-probe.ts'

/** What listens at an endpoint, found by its answer to a line that harms nobody. */
export type Answerer =
  | { readonly speaks: 'redis' | 'memcached' | 'http' | 'something else'; readonly tls: boolean }
  /** Connects and says nothing, or hangs up. */
  | { readonly speaks: 'nothing'; readonly tls: boolean }

const PATIENCE_MILLIS = 1_500

/**
 * Asks in plain text and, when that is met by a TLS alert, silence or a hang-up, through TLS without checking the
 * certificate. For explaining a failure only: never sends credentials. Undefined when nothing can be reached.
 */
export async function whatAnswers(endpoint: Pick<ProbeEndpoint, 'host' | 'port'>): Promise<Answerer | undefined> {
  const { host, port } = endpoint
  const plain = await ask({ host, port })
  if (plain !== undefined && plain !== 'nothing' && plain !== 'tls') return { speaks: plain, tls: false }
  if (plain === undefined) return undefined
  const secure = await ask({ host, port, tls: { rejectUnauthorized: false } })
  if (secure === undefined) return { speaks: plain === 'tls' ? 'something else' : 'nothing', tls: plain === 'tls' }
  return { speaks: secure === 'tls' ? 'something else' : secure, tls: true }
}

/** Undefined: no connection, or no TLS handshake. */
async function ask(endpoint: ProbeEndpoint): Promise<Answerer['speaks'] | 'tls' | undefined> {
  let probe: SocketProbe
  try {
    probe = await SocketProbe.open(endpoint, PATIENCE_MILLIS)
  } catch (error) {
    // A server that wants a certificate of ours refuses the handshake, but it does speak TLS.
    return error instanceof ProbeError && /ALERT/.test(error.code) ? 'tls' : undefined
  }
  try {
    return await probe.exchange('PING\r\n', (received) => {
      const text = received.toString('latin1')
      if (received[0] === TLS_ALERT && received[1] === TLS_MAJOR) return { value: 'tls' as const, length: received.length }
      if (!text.includes('\n')) return undefined
      return { value: kindOf(text), length: received.length }
    })
  } catch (error) {
    if (error instanceof ProbeError && /ALERT/.test(error.code)) return 'tls'
    return 'nothing'
  } finally {
    probe.close()
  }
}

/** Record type and major version of a TLS alert (RFC 8446, 5.1). */
const TLS_ALERT = 21
const TLS_MAJOR = 3

function kindOf(text: string): 'redis' | 'memcached' | 'http' | 'something else' {
  if (/^(?:\+PONG|\$4|-[A-Z]+ )/.test(text)) return 'redis'
  if (/^(?:ERROR|CLIENT_ERROR|SERVER_ERROR)/.test(text)) return 'memcached'
  return text.startsWith('HTTP/') ? 'http' : 'something else'
}
