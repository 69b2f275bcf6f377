import { type NameRange, namesInPieces } from '../name-range.ts'
import { SocketProbe } from '../probe/socket-probe.ts'

const TIME_LIMIT_MILLIS = 20_000
const EXCHANGE_MILLIS = 5_000
const AT_ONCE = 500

/**
 * Deletes keys by their names at Memcached nodes, where keys can't be listed. Each at every node: whichever client spread
 * them, and a name that is nobody's costs little. Stops after 20 s; what is left then has its time to live.
 */
export async function deleteNames(nodes: readonly { readonly host: string; readonly port: number }[], names: readonly NameRange[]): Promise<void> {
  const results = await Promise.allSettled(nodes.map((node) => deleteAt(node, names)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

async function deleteAt(node: { readonly host: string; readonly port: number }, names: readonly NameRange[]): Promise<void> {
  const probe = await SocketProbe.open(node, EXCHANGE_MILLIS)
  try {
    const until = Date.now() + TIME_LIMIT_MILLIS
    for (const piece of namesInPieces(names, AT_ONCE)) {
      // One answer for all of them: that of `version`, which stands behind them.
      await probe.exchange(`${piece.map((name) => `delete ${name} noreply\r\n`).join('')}version\r\n`, (received) => {
        const version = received.indexOf('VERSION ')
        const end = version < 0 ? -1 : received.indexOf('\r\n', version)
        return end < 0 ? undefined : { value: undefined, length: end + 2 }
      })
      if (Date.now() >= until) throw new Error(`not all within ${TIME_LIMIT_MILLIS / 1000} s`)
    }
  } finally {
    probe.close()
  }
}
