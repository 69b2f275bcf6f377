import { type ProbeEndpoint, ProbeError, SocketProbe } from './socket-probe.ts'

const STATS_END = /^(?:STAT [^\r\n]*\r\n)*(?:END|[A-Z_]*ERROR[^\r\n]*|RESET)\r\n/
const VERSION_END = /^(?:VERSION [^\r\n]*|[A-Z_]*ERROR[^\r\n]*)\r\n/

/** Statistics take some kilobytes. */
const LONGEST_ANSWER_BYTES = 1_048_576

/** A Memcached connection for a handful of questions before a run. Throws `ProbeError`, with code NOT_MEMCACHED when something else answers. */
export class MemcachedProbe {
  private readonly socket: SocketProbe

  private constructor(socket: SocketProbe) {
    this.socket = socket
  }

  static async open(endpoint: ProbeEndpoint, timeoutMillis: number): Promise<MemcachedProbe> {
    return new MemcachedProbe(await SocketProbe.open(endpoint, timeoutMillis))
  }

  /** As the server says it, "1.6.18". */
  async version(): Promise<string> {
    return /^VERSION (\S+)/.exec(await this.ask('version', VERSION_END))?.[1] ?? 'unknown'
  }

  /** Empty when the server refuses, as serverless caches do with "stats settings". */
  async stats(which: '' | 'settings'): Promise<Map<string, string>> {
    const text = await this.ask(which === '' ? 'stats' : `stats ${which}`, STATS_END)
    return new Map([...text.matchAll(/^STAT (\S+) (.*)\r$/gm)].map((match) => [match[1]!, match[2]!]))
  }

  close(): void {
    this.socket.close()
  }

  private ask(line: string, whole: RegExp): Promise<string> {
    return this.socket.exchange(`${line}\r\n`, (received) => {
      const text = received.toString('latin1')
      const match = whole.exec(text)
      if (match !== null) return { value: match[0], length: match[0].length }
      if (!/^[A-Z]/.test(text) || received.length > LONGEST_ANSWER_BYTES) throw new ProbeError('NOT_MEMCACHED', 'the answer is not that of Memcached')
      return undefined
    })
  }
}
