// needs: redis-server, valkey-server

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEndpoint, type SocketEndpoint } from '../properties/redis/socket-endpoint.ts'
import type { CommandSpec } from '../src/engine/redis/command-spec.ts'
import { CommandTable } from '../src/engine/redis/command-table.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import type { Reply } from '../src/protocol/reply.ts'
import { SimpleString } from '../src/protocol/reply.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'

/** The sides of one entry that COMMAND INFO shows; routing hints are not ours. */
interface Row {
  readonly name: string
  readonly arity: number
  readonly flags: readonly string[]
  readonly keys: readonly number[]
  readonly categories: readonly string[]
  readonly tips: readonly string[]
}

const text = (reply: Reply) => (reply instanceof SimpleString ? reply.text : Buffer.from(reply as Uint8Array).toString())
const texts = (reply: Reply) => (reply as Reply[]).map(text).sort()

function rowOf(reply: Reply): Row {
  const [name, arity, flags, first, last, step, categories, tips] = reply as Reply[]
  return {
    name: text(name!),
    arity: arity as number,
    flags: texts(flags!),
    keys: [first, last, step] as number[],
    categories: texts(categories!),
    tips: texts(tips!).filter((tip) => !tip.includes('policy')),
  }
}

function rowOfSpec(spec: CommandSpec): Row {
  return {
    name: spec.name,
    arity: spec.arity,
    flags: [...spec.flags].sort(),
    keys: [spec.keys.first, spec.keys.last, spec.keys.step],
    categories: spec.categories.map((category) => `@${category}`).sort(),
    tips: [...spec.tips].sort(),
  }
}

for (const kind of ['redis', 'valkey'] as const) {
  describe(`the command table against ${kind}-server`, () => {
    let server: LocalServer
    let endpoint: SocketEndpoint
    beforeAll(async () => {
      server = await startLocalServer({ kind })
      endpoint = await connectEndpoint(server.host, server.port, 2, kind)
    })
    afterAll(async () => {
      endpoint?.close()
      await server?.stop()
    })

    it('has the same arity, flags, keys, categories and tips', async () => {
      const specs = [...new CommandTable(findRedisProfile(kind)!).specs].flatMap((spec) => [spec, ...(spec.subcommands?.values() ?? [])])
      const [reply] = await endpoint.execute([['COMMAND', 'INFO', ...specs.map((spec) => spec.name)]])
      const theirs = (reply as Reply[]).map((row) => row && rowOf(row))
      expect(specs.map(rowOfSpec)).toEqual(theirs)
    })
  })
}
