import type { EngineProfile } from '../engine/engine.ts'
import { CommandTable } from '../engine/redis/command-table.ts'
import { findRedisProfile } from '../engine/redis/profiles.ts'
import { countInWords } from '../measure/words.ts'

/** Rows of COMMAND LIST, subcommands included, of the servers on which it was counted. */
const REAL_ROWS: Readonly<Record<string, number>> = { 'redis 7.0.15': 366, 'valkey 8.0.1': 373 }

/** "128 of the 366 commands that the real server lists": how much of it there is, before somebody finds out by an error. */
export function servedCommandsInWords({ engine, version }: EngineProfile): string {
  if (engine === 'memcached')
    return 'the text and the meta protocol with every command that stores, reads, counts or deletes, without SASL and the binary protocol'
  const table = new CommandTable(findRedisProfile(engine, version)!)
  let rows = 0
  for (const spec of table.specs) rows += 1 + (spec.subcommands?.size ?? 0)
  const real = REAL_ROWS[`${engine} ${version}`]
  return real === undefined
    ? `${countInWords(rows)} commands`
    : `${countInWords(rows)} of the ${countInWords(real)} commands that the real server lists`
}
