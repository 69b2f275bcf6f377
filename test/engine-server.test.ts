// needs: redis-server, memcached, openssl

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Asker, clientContract } from '../src/client/client.contract.ts'
import { createSingleNodeRouting } from '../src/client/routing/single-node-routing.ts'
import { WireClient } from '../src/client/wire/wire-client.ts'
import type { Engine, EngineOptions } from '../src/engine/engine.ts'
import { createMemcachedEngine } from '../src/engine/memcached/memcached-engine.ts'
import { findMemcachedProfile } from '../src/engine/memcached/profiles.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import { createRealRuntime, type RealRuntime } from '../src/runtime/real-runtime.ts'
import { MILLISECOND, SECOND } from '../src/runtime/runtime.ts'
import { EngineServer } from '../src/server/engine-server.ts'
import { makeTestCertificates } from './support/certificates.ts'
import { RealServer } from './support/real-server.ts'

const createEngine = {
  redis: (options: EngineOptions): Engine => createRedisEngine(findRedisProfile('redis', '7.0.15')!, options),
  memcached: (options: EngineOptions): Engine => createMemcachedEngine(findMemcachedProfile('1.6.18'), options),
}

for (const family of ['redis', 'memcached'] as const) {
  clientContract({
    name: `wire client against the ${family} engine behind a socket`,
    family,
    async open(options) {
      const runtime = createRealRuntime({ seed: 1 })
      const server = new EngineServer({ runtime, createEngine: createEngine[family] })
      const { host, port } = await server.start()
      const client = await WireClient.open({ runtime, family, routing: createSingleNodeRouting({ host, port }), client: options })
      return {
        client,
        close: async () => {
          await client.close()
          await server.kill()
          runtime.close()
        },
        killServer: () => server.kill(),
        restartServer: async () => {
          await server.start({ port })
        },
      }
    },
  })
}

/**
 * All that a server says to these bytes. They come in one piece with the end of our side behind them: whoever waits
 * for more then gives up, so that nothing here has to wait for time to pass. (Chunking is tested at the codecs.)
 */
function converse(port: number, pieces: readonly Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(said))
    socket.end(Buffer.concat(pieces))
  })
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Requests with faults in them, from the corpus below: a few are mutated, the mark comes last. */
function conversations(corpus: readonly string[], mark: string): fc.Arbitrary<Buffer[]> {
  const request = fc.tuple(fc.constantFrom(...corpus), fc.option(fc.tuple(fc.nat(), fc.constantFrom(...'\r\n \0$*:-019"\'\\ax\x80')), { freq: 2 }))
  return fc.array(request, { minLength: 1, maxLength: 4 }).map((requests) => [
    ...requests.map(([text, mutation]) => {
      if (!mutation) return bytes(text)
      const at = mutation[0] % text.length
      return bytes(text.slice(0, at) + mutation[1] + text.slice(at + 1))
    }),
    bytes(mark),
  ])
}

const REDIS_CORPUS = [
  'PING\r\n',
  'ECHO "a\\x41\\n" \r\n',
  "ECHO 'it\\'s'\r\n",
  '\r\n',
  '*0\r\n',
  '*-1\r\n',
  '*1\r\n$4\r\nPING\r\n',
  '*2\r\n$4\r\nECHO\r\n$5\r\na\r\nb!\r\n',
  '*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$10\r\n0123456789\r\n',
  '*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n',
  '*2\r\n$3\r\nFOO\r\n$3\r\nbar\r\n',
]
const MEMCACHED_CORPUS = [
  'set k 0 0 3\r\nabc\r\n',
  'set k 1 0 3 noreply\r\nxyz\r\n',
  'add k 0 0 1\r\n1\r\n',
  'append k 0 0 2\r\n\r\n\r\n',
  'get k\r\n',
  'get  k  j \r\n',
  'incr k 1\r\n',
  'delete k noreply\r\n',
  'ms k 2 T0\r\nhi\r\n',
  'ms k S2\r\nhi\r\n',
  'mg k v f\r\n',
  'touch k 0\r\n',
  'verbosity\r\n',
  'foo bar\r\n',
  '\r\n',
]

describe.each([
  ['redis', 'redis-server', REDIS_CORPUS, '*2\r\n$4\r\nECHO\r\n$4\r\nmark\r\n', '$4\r\nmark\r\n'],
  ['memcached', 'memcached', MEMCACHED_CORPUS, 'mn\r\n', 'MN\r\n'],
] as const)('%s engine behind a socket, compared with %s byte for byte', (family, program, corpus, markRequest, mark) => {
  let real: RealServer
  let runtime: RealRuntime
  let ours: EngineServer
  let port: number
  beforeAll(async () => {
    real = await RealServer.start(program)
    runtime = createRealRuntime({ seed: 1 })
    ours = new EngineServer({ runtime, createEngine: createEngine[family] })
    port = (await ours.start()).port
  })
  afterAll(async () => {
    await real.close()
    await ours.kill()
    runtime.close()
  })

  it('says the same to requests with faults in them', async () => {
    const reset = family === 'redis' ? 'FLUSHALL\r\n' : 'flush_all\r\n'
    await fc.assert(
      fc.asyncProperty(conversations(corpus, markRequest), async (pieces) => {
        // That is how memcached's binary protocol begins, which the engine does not speak.
        fc.pre(family === 'redis' || pieces[0]![0] !== 0x80)
        await Promise.all([real.port, port].map((where) => converse(where, [bytes(reset)])))
        const [theirs, own] = await Promise.all([converse(real.port, pieces), converse(port, pieces)])
        // memcached holds its answers back while it waits for a data block; what it has said until then must agree.
        if (family === 'memcached' && !theirs.endsWith(mark)) expect(own.startsWith(theirs) && !own.endsWith(mark)).toBe(true)
        else expect(own).toBe(theirs)
      }),
      { seed: 5, numRuns: 250 },
    )
  })
})

describe('TLS', () => {
  let folder: string
  let runtime: RealRuntime
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cacheproof-tls-'))
    runtime = createRealRuntime({ seed: 1 })
  })
  afterAll(() => {
    runtime.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('carries a pipeline, survives a kill, and refuses an authority that it does not trust', async () => {
    const certificates = makeTestCertificates(folder)
    const { certFile, keyFile, caFile } = certificates.server
    const server = new EngineServer({
      runtime,
      createEngine: createEngine.redis,
      tls: { cert: readFileSync(certFile), key: readFileSync(keyFile) },
    })
    const { host, port } = await server.start()
    const open = (ca: string): Promise<WireClient> =>
      WireClient.open({
        runtime,
        family: 'redis',
        routing: createSingleNodeRouting({ host, port }),
        client: { deadlineNanos: 5 * SECOND, connections: 1, id: 1 },
        handshake: [['PING']],
        connectDeadlineNanos: 2 * SECOND,
        tls: { ca: readFileSync(ca), servername: 'localhost' },
      })
    await expect(open(certificates.otherCaFile)).rejects.toMatchObject({ code: 'TARGET_TLS' })
    const client = await open(caFile!)
    const asker = new Asker(client)
    const answers = await Promise.all(Array.from({ length: 300 }, () => asker.reply(['INCR', 'n'])))
    expect(answers).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
    const large = Buffer.alloc(3_000_000, 'abc')
    await asker.reply(['SET', 'large', large])
    expect(Buffer.compare((await asker.reply(['GET', 'large'])) as Uint8Array, large)).toBe(0)
    await server.kill()
    await server.start({ port })
    for (let told = await asker.ask(['GET', 'n']); told.kind === 'failed'; told = await asker.ask(['GET', 'n'])) {
      await new Promise((resolve) => setTimeout(resolve, (10 * MILLISECOND) / MILLISECOND))
    }
    expect(await asker.reply(['GET', 'n'])).toBeNull()
    await client.close()
    await server.kill()
  })
})
