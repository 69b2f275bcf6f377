import { type ProbeEndpoint, ProbeError, SocketProbe } from './socket-probe.ts'

/**
 * The answer to `stats` or `stats settings`; empty when the server refuses. Throws `ProbeError`, with code
 * NOT_MEMCACHED when something else answers.
 */
export async function memcachedStats(
  endpoint: ProbeEndpoint,
  timeoutMillis: number,
  command: 'stats' | 'stats settings',
): Promise<Map<string, string>> {
  const text = await memcachedLine(endpoint, timeoutMillis, command, /^(?:STAT [^\r\n]*\r\n)*(?:END|[A-Z_]*ERROR[^\r\n]*|RESET)\r\n/)
  return new Map([...text.matchAll(/^STAT (\S+) (.*)\r$/gm)].map((match) => [match[1]!, match[2]!]))
}

/** The server's version as it says it, "1.6.18". */
export async function memcachedVersion(endpoint: ProbeEndpoint, timeoutMillis: number): Promise<string> {
  const text = await memcachedLine(endpoint, timeoutMillis, 'version', /^(?:VERSION [^\r\n]*|[A-Z_]*ERROR[^\r\n]*)\r\n/)
  return /^VERSION (\S+)/.exec(text)?.[1] ?? 'unknown'
}

async function memcachedLine(endpoint: ProbeEndpoint, timeoutMillis: number, command: string, whole: RegExp): Promise<string> {
  const probe = await SocketProbe.open(endpoint, timeoutMillis)
  try {
    return await probe.exchange(`${command}\r\n`, (received) => {
      const text = received.toString('latin1')
      const match = whole.exec(text)
      if (match !== null) return { value: match[0], length: match[0].length }
      if (!/^[A-Z]/.test(text)) throw new ProbeError('NOT_MEMCACHED', 'the answer is not that of Memcached')
      return undefined
    })
  } finally {
    probe.close()
  }
}
