import type { Command } from '../../../src/protocol/command.ts'
import type { Nanos } from '../../../src/runtime/runtime.ts'

/** Something that leaves a connection, no earlier than it is due and than what stands before it. */
export type Departure =
  | { dueNanos: Nanos; readonly bytes: Buffer }
  /** FIN or RST; nothing leaves afterwards. */
  | { dueNanos: Nanos; readonly over: 'end' | 'reset' }
  /** These bytes over and over, as fast as they are taken; nothing else leaves afterwards. */
  | { dueNanos: Nanos; readonly endless: Buffer }

/** One command that came in, on its way to its answer. */
export class Exchange {
  readonly family: 'redis' | 'memcached'
  /** In upper case for Redis, as it came for Memcached. */
  readonly name: string
  readonly command: Command
  readonly arrivedNanos: Nanos
  readonly connection: number
  /** How many commands of load came before it, in all and on its connection; -1 for one that is none (see `isLoad`). */
  readonly nth: number
  readonly nthOfConnection: number
  departures: Departure[] = []

  constructor(of: Pick<Exchange, 'family' | 'name' | 'command' | 'arrivedNanos' | 'connection' | 'nth' | 'nthOfConnection'>) {
    this.family = of.family
    this.name = of.name
    this.command = of.command
    this.arrivedNanos = of.arrivedNanos
    this.connection = of.connection
    this.nth = of.nth
    this.nthOfConnection = of.nthOfConnection
  }

  /** Whether it is about data: what a client says to get acquainted is none of the load. */
  get isLoad(): boolean {
    return this.nth >= 0
  }

  /** What leaves from now on, with it, in place of what would have. */
  answer(...bytes: readonly Buffer[]): void {
    this.departures = bytes.map((one) => ({ dueNanos: this.arrivedNanos, bytes: one }))
  }

  delayUntil(dueNanos: Nanos): void {
    for (const departure of this.departures) departure.dueNanos = Math.max(departure.dueNanos, dueNanos)
  }

  /** All bytes that would leave as things stand. */
  get bytes(): Buffer {
    return Buffer.concat(this.departures.flatMap((departure) => ('bytes' in departure ? departure.bytes : [])))
  }
}

/** Getting acquainted, and looking after a server: neither the load nor its data. */
const NO_LOAD = new Set(
  [
    ...['HELLO', 'AUTH', 'CLIENT', 'SELECT', 'PING', 'ECHO', 'QUIT', 'RESET', 'INFO', 'CONFIG', 'COMMAND', 'ACL', 'ROLE', 'TIME', 'DBSIZE'],
    ...['MEMORY', 'LATENCY', 'READONLY', 'CLUSTER', 'FLUSHALL', 'FLUSHDB'],
    ...['version', 'stats', 'mn', 'quit', 'verbosity', 'flush_all', 'config'],
  ].values(),
)

export function isLoadCommand(name: string): boolean {
  return !NO_LOAD.has(name)
}
