import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const LOWEST = 20_000
const HIGHEST = 65_535
const ATTEMPTS = 50

/**
 * A loopback port that nobody listens on now, outside the range from which the system draws the local ports of
 * outgoing connections. Inside it, a client that retries while our server is dead will sooner or later be given the
 * server's own port, connect to itself and keep the server from coming back (TCP simultaneous open).
 */
export async function freePort(): Promise<number> {
  const ephemeral = ephemeralRange()
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    if (port >= ephemeral.low && port <= ephemeral.high) continue
    if ((await tryListen(port)) !== undefined) return port
  }
  const port = await tryListen(0)
  if (port === undefined) throw new Error('no free TCP port on 127.0.0.1')
  return port
}

function ephemeralRange(): { low: number; high: number } {
  try {
    const [low, high] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number)
    if (low !== undefined && high !== undefined && Number.isInteger(low) && Number.isInteger(high)) return { low, high }
  } catch {
    // Not Linux.
  }
  // IANA's dynamic range, which macOS, BSD and Windows use (RFC 6335).
  return { low: 49_152, high: 65_535 }
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
