import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Behaviour } from '../../../test/support/fakes/behaviour.ts'
import { FakeCache } from '../../../test/support/fakes/fake-cache.ts'
import { deleteNames } from './delete-names.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function serve(...behaviours: Behaviour[]): Promise<FakeCache> {
  const fake = await FakeCache.start({ family: 'memcached', behaviours })
  cleanUps.push(() => fake.close())
  return fake
}

const nodeOf = ({ port }: FakeCache) => ({ host: '127.0.0.1', port })

/** Sends it and reads until the answer to a last `version`. */
async function exchange({ port }: FakeCache, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${text}version\r\n`)
  let heard = ''
  for await (const chunk of socket) {
    heard += String(chunk)
    if (/VERSION .*\r\n$/.test(heard)) break
  }
  return heard
}

const store = (fake: FakeCache, keys: readonly string[]) => exchange(fake, keys.map((key) => `set ${key} 0 0 1\r\nx\r\n`).join(''))
const stored = async (fake: FakeCache, keys: readonly string[]) =>
  [...(await exchange(fake, keys.map((key) => `get ${key}\r\n`).join(''))).matchAll(/^VALUE (\S+) /gm)].map(([, key]) => key)

describe('deleting by name at Memcached', () => {
  it('deletes every name at every node, and nothing else', async () => {
    const [one, other] = [await serve(), await serve()]
    await store(one, ['own:0', 'own:3', 'else:0', 'own:1199', 'own:1200'])
    await store(other, ['own:0', 'more:1', 'more:2'])
    const names = [
      { stem: 'own:', count: 1_200 },
      { stem: 'more:', count: 2 },
    ]
    await deleteNames([one, other].map(nodeOf), names)
    expect(await stored(one, ['own:0', 'own:3', 'else:0', 'own:1199', 'own:1200'])).toEqual(['else:0', 'own:1200'])
    expect(await stored(other, ['own:0', 'more:1', 'more:2'])).toEqual(['more:2'])
    // Each piece was answered before the next was sent: three of them, and what this test asked.
    expect(one.counts.commands).toMatchObject({ delete: 1_202, version: 3 + 2 })
  })

  it('waits for a whole answer to each piece, however it comes in', async () => {
    let isAnswering = false
    let pieces = 0
    const server = createServer((socket) => {
      let heard = ''
      socket.on('data', async (bytes) => {
        if (isAnswering) pieces = Number.NaN
        heard += String(bytes)
        if (!heard.endsWith('version\r\n')) return
        heard = ''
        isAnswering = true
        // An error is told of also where no answer was asked for.
        for (const part of ['ERROR\r\n', 'VERS', 'ION 1.6.2', '\r']) {
          socket.write(part)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        isAnswering = false
        pieces++
        socket.write('\n')
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanUps.push(() => server.close())
    await deleteNames([{ host: '127.0.0.1', port: (server.address() as AddressInfo).port }], [{ stem: 'own:', count: 1_001 }])
    expect(pieces).toBe(3)
  })

  it('ends after 20 s and says so', async () => {
    const fake = await serve()
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => 10_000 * (fake.counts.commands['version'] ?? 0))
    cleanUps.push(() => clock.mockRestore())
    await expect(deleteNames([nodeOf(fake)], [{ stem: 'own:', count: 5_000 }])).rejects.toThrow('not all within 20 s')
    expect(fake.counts.commands['version']).toBe(2)
  })

  it('goes on at the others when one is gone, and says why', async () => {
    const [gone, there] = [await serve(), await serve()]
    const nodes = [gone, there].map(nodeOf)
    await gone.close()
    await store(there, ['own:0'])
    await expect(deleteNames(nodes, [{ stem: 'own:', count: 1 }])).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(await stored(there, ['own:0'])).toEqual([])
    while (there.counts.open > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })
})
