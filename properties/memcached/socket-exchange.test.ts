import { expect, it } from 'vitest'
import { endless } from '../../test/support/fakes/behaviours/endless.ts'
import { FakeCache } from '../../test/support/fakes/fake-cache.ts'
import { openSocketExchange } from './socket-exchange.ts'

it('does not keep answers without an end', async () => {
  const cache = await FakeCache.start({ family: 'memcached', behaviours: [endless({ as: 'array' })] })
  const link = await openSocketExchange('there', '127.0.0.1', cache.port)
  await expect(link.exchange(Buffer.from('get k\r\nmn\r\n'), 1)).rejects.toThrow('there sends more than the 64 MiB that any answer needs')
  await expect(link.exchange(Buffer.from('mn\r\n'), 1)).rejects.toThrow(/closed the connection/)
  await cache.close()
})
