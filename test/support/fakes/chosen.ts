import type { Exchange } from './exchange.ts'

/** Which commands a behaviour is about: all of the load unless told. */
export interface Chosen {
  /** By name, in any case; `*` is every command, also those by which a client gets acquainted. */
  readonly commands?: readonly string[]
  /** Every so-manieth of those; each unless told. */
  readonly every?: number
  /** Only those behind so many commands of load. */
  readonly afterCommands?: number
}

/** To be asked once for each command, in their order: it counts. */
export function chooser({ commands, every = 1, afterCommands = 0 }: Chosen): (exchange: Exchange) => boolean {
  const names = commands && new Set(commands.map((name) => name.toUpperCase()))
  let seen = 0
  let load = 0
  return (exchange) => {
    if (exchange.isLoad) load++
    const named = names === undefined ? exchange.isLoad : names.has('*') || names.has(exchange.name.toUpperCase())
    // The command of load itself is not behind itself.
    return named && load - (exchange.isLoad ? 1 : 0) >= afterCommands && ++seen % every === 0
  }
}
