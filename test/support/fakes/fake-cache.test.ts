import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { RawPeer } from '../raw-peer.ts'
import { type BehaviourSpec, createBehaviours } from './behaviour-registry.ts'
import { FakeCache } from './fake-cache.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function fake(family: 'redis' | 'memcached', ...behaviours: readonly BehaviourSpec[]): Promise<FakeCache> {
  const cache = await FakeCache.start({ family, behaviours: behaviours.flatMap(createBehaviours) })
  cleanUps.push(() => cache.close())
  return cache
}

function peer(cache: FakeCache): RawPeer {
  const one = new RawPeer(cache.port)
  cleanUps.push(() => one.close())
  return one
}

/** Until so many of a command have come. */
async function counted(cache: FakeCache, command: string, times: number): Promise<void> {
  while ((cache.counts.commands[command] ?? 0) < times) await pause(5)
}

/** A fresh connection that says this hears exactly that, or what matches. */
async function expectHeard(cache: FakeCache, text: string, expected: string | RegExp): Promise<void> {
  const heard = await peer(cache).send(text).heard(expected)
  if (typeof expected === 'string') expect(heard).toBe(expected)
  else expect(heard).toMatch(expected)
}

const VALUE = '$1\r\nv\r\n'

describe('a fake without behaviours', () => {
  it('is a Redis: RESP2, RESP3, times to live, scans and sorted sets', async () => {
    const cache = await fake('redis')
    const said = '+OK\r\n$1\r\nv\r\n:1\r\n:1\r\n$1\r\n3\r\n'
    await expectHeard(cache, 'SET k v PX 60000\r\nGETEX k PX 50000\r\nEXPIRE k 40\r\nPEXPIRE k 30000\r\nZINCRBY z 3 m\r\n', said)
    await expectHeard(cache, 'TTL k\r\n', ':30\r\n')
    await expectHeard(cache, 'SCAN 0 MATCH k*\r\n', '*2\r\n$1\r\n0\r\n*1\r\n$1\r\nk\r\n')
    await expectHeard(cache, 'HELLO 3\r\nGET none\r\n', /^%\d\r\n.*_\r\n$/s)
    await expectHeard(cache, 'INFO server\r\n', /redis_version:.*\r\n$/s)
    await expectHeard(cache, 'SELECT 1\r\nDEL k\r\nPING\r\n', '+OK\r\n:0\r\n+PONG\r\n')
  })

  it('is a Memcached: text and meta, and silent where it is asked to be', async () => {
    const cache = await fake('memcached')
    const said = 'STORED\r\nNOT_STORED\r\nTOUCHED\r\nVA 1\r\nv\r\nHD\r\nHD\r\nMN\r\n'
    await expectHeard(
      cache,
      'set k 0 0 1\r\nv\r\nadd k 0 0 1\r\nw\r\ntouch k 9\r\nset q 0 0 1 noreply\r\nq\r\nmg k v\r\nms m 1\r\nm\r\nmd m\r\nmn\r\n',
      said,
    )
    await expectHeard(cache, 'gat 9 q\r\n', 'VALUE q 0 1\r\nq\r\nEND\r\n')
    await expectHeard(cache, 'gets k\r\nreplace k 0 0 1\r\nx\r\ndelete k\r\n', /^VALUE k 0 1 \d+\r\nv\r\nEND\r\nSTORED\r\nDELETED\r\n$/)
    await expectHeard(cache, 'version\r\nstats\r\n', /^VERSION .*STAT curr_items 1\r/s)
  })

  it('counts what came, and how many pieces it came in', async () => {
    const cache = await fake('redis')
    await expectHeard(cache, 'set a 1\r\nget a\r\nGET a\r\n', '+OK\r\n$1\r\n1\r\n$1\r\n1\r\n')
    expect(cache.counts).toMatchObject({ connections: 1, open: 1, mostOpen: 1, reads: 1, commands: { SET: 1, GET: 2 } })
  })
})

describe('serviceTime', () => {
  it('is exact, and does not depend on how much is under way', async () => {
    const cache = await fake('redis', { serviceTime: { millis: 200 } })
    const peers = Array.from({ length: 20 }, () => peer(cache))
    await Promise.all(peers.map((one) => one.timed('PING\r\n', 7)))
    const times = await Promise.all(peers.map((one) => one.timed('GET a\r\n', 5)))
    expect(Math.min(...times)).toBeGreaterThanOrEqual(200)
    // All wait as long as the longest; one after the other it would be half of that on average, however slow the machine.
    expect(times.reduce((sum, time) => sum + time, 0) / times.length).toBeGreaterThan(0.75 * Math.max(...times))
  })

  it('is drawn from shares that hold in every hundred commands, in an order of its own, the same for the same seed', async () => {
    const slowOf = async () => {
      const cache = await fake('redis', {
        serviceTime: {
          mix: [
            [0.97, 0],
            [0.03, 30],
          ],
        },
      })
      const peers = Array.from({ length: 200 }, () => peer(cache))
      await Promise.all(peers.map((one) => one.timed('PING\r\n', 7)))
      const times: number[] = []
      for (const one of peers) times.push(await one.timed('GET a\r\n', 5))
      return times.flatMap((millis, index) => (millis >= 30 ? index : []))
    }
    const slow = await slowOf()
    expect(slow.filter((index) => index < 100).length).toBeGreaterThanOrEqual(3)
    expect(slow.length).toBeGreaterThanOrEqual(6)
    const again = await slowOf()
    // A machine that stalls makes others slow, too, but not the same ones twice.
    expect(slow.filter((index) => again.includes(index)).length).toBeGreaterThanOrEqual(6)
  })

  it('leaves alone what is no load', async () => {
    const cache = await fake('redis', { serviceTime: { millis: 60_000 } })
    await expectHeard(cache, 'HELLO\r\nCLIENT SETNAME x\r\nPING\r\n', /\+OK\r\n\+PONG\r\n$/)
  })
})

describe('a server that is away for a while', () => {
  it('pause answers nothing and reads on', async () => {
    const cache = await fake('redis', { pause: { afterCommands: 1, forMillis: 500 } })
    const one = peer(cache)
    await one.timed('SET a 1\r\n', 5)
    const time = one.timed('GET a\r\n', 7)
    await counted(cache, 'GET', 1)
    expect(one.text).toBe('+OK\r\n')
    expect(await time).toBeGreaterThanOrEqual(500)
  })

  it('pause begins at its time, which is counted from the first command of load', async () => {
    const cache = await fake('redis', { pause: { atMillis: 100, forMillis: 150 } })
    const one = peer(cache)
    const began = performance.now()
    await one.timed('SET a 1\r\n', 5)
    await one.within(105)
    await one.timed('GET a\r\n', 7)
    expect(performance.now() - began).toBeGreaterThanOrEqual(250)
  })

  it('stopReading reads nothing, and takes it up afterwards', async () => {
    const cache = await fake('redis', { stopReading: { forMillis: 1_000 } })
    const one = peer(cache)
    const time = one.timed('SET a 1\r\n', 5)
    await counted(cache, 'SET', 1)
    one.send('GET a\r\n')
    const late = peer(cache).send('GET a\r\n')
    await one.within(50)
    expect(cache.counts.commands).toEqual({ SET: 1 })
    expect(await time).toBeGreaterThanOrEqual(1_000)
    expect(await one.heard(12)).toBe('+OK\r\n$1\r\n1\r\n')
    expect(await late.heard(7)).toBe('$1\r\n1\r\n')
  })

  it('refuse cuts and refuses, and comes back on its port with what it had', async () => {
    const cache = await fake('redis', { refuse: { afterCommands: 1, forMillis: 1_000 } })
    const one = peer(cache).send('SET a 1\r\n')
    await one.heard(5)
    one.send('GET a\r\n')
    expect(await one.over()).not.toBe('open')
    expect(await peer(cache).over()).toBe('refused')
    while ((await peer(cache).send('GET a\r\n').heard(7)) !== '$1\r\n1\r\n') await pause(20)
  })
})

describe('a server that refuses', () => {
  it('deny says so and does nothing', async () => {
    const cache = await fake('redis', { deny: { commands: ['SET'], error: 'NOPERM no' } })
    await expectHeard(cache, 'SET a 1\r\nGET a\r\n', '-NOPERM no\r\n$-1\r\n')
    const other = await fake('memcached', { deny: { commands: ['set'], error: 'SERVER_ERROR out of memory' } })
    await expectHeard(other, 'set a 0 0 1\r\nx\r\nget a\r\n', 'SERVER_ERROR out of memory\r\nEND\r\n')
  })

  it('only every so-manieth, and only after so many, where it is told so', async () => {
    const cache = await fake('redis', { deny: { commands: ['GET'], every: 2, afterCommands: 2, error: 'E' } })
    await expectHeard(cache, 'GET a\r\n'.repeat(6), '$-1\r\n$-1\r\n$-1\r\n-E\r\n$-1\r\n-E\r\n')
  })

  it('silence does what it is told and does not say so', async () => {
    const cache = await fake('redis', { silence: { commands: ['SET'] } })
    await expectHeard(cache, 'SET k v\r\nGET k\r\n', VALUE)
    const mute = await fake('memcached', { silence: { commands: ['*'] } })
    expect(await peer(mute).send('version\r\nget a\r\n').within(50)).toBe('')
  })

  it('limited serves so many a second and lets the others wait', async () => {
    const cache = await fake('redis', { limited: { perSecond: 200 } })
    expect(await peer(cache).timed('GET a\r\n'.repeat(41), 41 * 5)).toBeGreaterThanOrEqual(200)
  })
})

describe('a server that answers what is not due', () => {
  it('answer: these bytes', async () => {
    const cache = await fake('redis', { answer: { commands: ['GET'], bytes: '$1\r\n\xff\r\n' } })
    await expectHeard(cache, 'GET a\r\n', '$1\r\n\xff\r\n')
  })

  it('wrongType: well-formed and of another type, the command carried out', async () => {
    const cache = await fake('redis', { wrongType: { commands: ['GET', 'SET'] } })
    await expectHeard(cache, 'SET a 1\r\nGET a\r\nDEL a\r\n', ':42\r\n+OK\r\n:1\r\n')
    const asked = await fake('redis', { wrongType: { as: 'map' } })
    await expectHeard(asked, 'GET a\r\n', '%1\r\n$1\r\na\r\n:1\r\n')
    const other = await fake('memcached', { wrongType: {} })
    await expectHeard(other, 'set a 0 0 1\r\nx\r\nget a\r\nmg a v\r\n', 'END\r\nNOT_FOUND\r\nNOT_FOUND\r\n')
  })

  it('surplus: once more than was asked', async () => {
    const cache = await fake('redis', { surplus: { commands: ['GET'], every: 2 } })
    await expectHeard(cache, 'GET a\r\nGET a\r\n', '$-1\r\n$-1\r\n$-1\r\n')
  })

  it('garbage: random bytes, the same for the same seed', async () => {
    const [one, other] = [await fake('redis', { garbage: { bytes: 32 } }), await fake('memcached', { garbage: { bytes: 32 } })]
    const said = await peer(one).send('GET a\r\n').heard(32)
    expect(said).toHaveLength(32)
    await expectHeard(other, 'get a\r\n', said)
  })

  it('endless: as much as anybody takes', async () => {
    for (const [as, head] of [
      ['value', '$8589934592\r\nxxx'],
      ['array', '*2147483647\r\n:1\r\n'],
      ['line', '+xxx'],
    ] as const) {
      const cache = await fake('redis', { endless: { commands: ['GET'], as } })
      const one = peer(cache).send('GET a\r\n')
      expect((await one.heard(3_000_000)).startsWith(head)).toBe(true)
      one.close()
      await expectHeard(cache, 'PING\r\n', '+PONG\r\n')
    }
    const cache = await fake('memcached', { endless: { as: 'array' } })
    await expectHeard(cache, 'get k\r\n', /^(VALUE k 0 1\r\nv\r\n){20000}/)
  })

  it('deep: one array within another', async () => {
    const cache = await fake('redis', { deep: { depth: 5_000 } })
    await expectHeard(cache, 'GET a\r\n', `${'*1\r\n'.repeat(5_000)}:1\r\n`)
  })
})

describe('a server that answers nearly right', () => {
  it('altered: something in the right answer is replaced, the command carried out', async () => {
    const cache = await fake('memcached', { altered: { commands: ['get'], find: '^VALUE (\\S+)', put: 'VALUE not-$1' } })
    await expectHeard(cache, 'set k 0 0 1\r\nv\r\nget k\r\nget none\r\n', 'STORED\r\nVALUE not-k 0 1\r\nv\r\nEND\r\nEND\r\n')
    const other = await fake('redis', { altered: { commands: ['GET'], find: '^\\$\\d+', put: '$-5' } })
    await expectHeard(other, 'SET k v\r\nGET k\r\n', '+OK\r\n$-5\r\nv\r\n')
  })

  it('endlessScan: the cursor grows, or is the same one, and is never 0', async () => {
    const page = (cursor: number) => `*2\r\n$1\r\n${cursor}\r\n*0\r\n`
    await expectHeard(await fake('redis', { endlessScan: {} }), 'SCAN 0\r\nSCAN 1\r\n', page(1) + page(2))
    await expectHeard(await fake('redis', { endlessScan: { cursor: 'repeats' } }), 'SCAN 0\r\nSCAN 1\r\n', page(1) + page(1))
  })
})

describe('a server that does not finish', () => {
  it.each(['end', 'reset'] as const)('hangUp at once (%s), behind so many connections', async (as) => {
    const cache = await fake('redis', { hangUp: { as, afterConnections: 1 } })
    await expectHeard(cache, 'PING\r\n', '+PONG\r\n')
    expect(await peer(cache).over()).toBe(as)
  })

  it('endAfter so many commands of a connection', async () => {
    const cache = await fake('redis', { endAfter: { commands: 1 } })
    const one = peer(cache)
    expect(await one.send('SET a 1\r\nPING\r\n').heard(12)).toBe('+OK\r\n+PONG\r\n')
    one.send('INCR a\r\n')
    expect(await one.over()).toBe('end')
    await expectHeard(cache, 'GET a\r\n', '$1\r\n2\r\n')
  })

  it.each(['hang', 'end', 'reset'] as const)('halfReply, then %s', async (then) => {
    const cache = await fake('redis', { halfReply: { commands: ['GET'], then } })
    const one = peer(cache).send('SET k 0123456789\r\nGET k\r\nPING\r\n')
    if (then === 'hang') {
      const half = '+OK\r\n$10\r\n0123'
      await one.heard(half)
      expect(await one.within(50)).toBe(half)
    } else expect(await one.over()).toBe(then)
  })

  it('resetAfter so many commands of a connection', async () => {
    const cache = await fake('redis', { resetAfter: { commands: 2 } })
    const one = peer(cache)
    expect(await one.send('SET a 1\r\nPING\r\nGET a\r\n').heard(19)).toBe('+OK\r\n+PONG\r\n$1\r\n1\r\n')
    one.send('INCR a\r\n')
    expect(await one.over()).toBe('reset')
    await expectHeard(cache, 'GET a\r\n', '$1\r\n2\r\n')
  })

  it('slowDrip: a byte at a time', async () => {
    const cache = await fake('redis', { slowDrip: { commands: ['GET'], everyMillis: 40 } })
    const one = peer(cache)
    expect(await one.timed('SET k v\r\nGET k\r\nPING\r\n', 5 + VALUE.length + 7)).toBeGreaterThanOrEqual(240)
    expect(one.text).toBe(`+OK\r\n${VALUE}+PONG\r\n`)
    expect(one.arrivals.length).toBeGreaterThan(3)
  })
})

describe('a Memcached misbehaves as a Redis does', () => {
  const STORE = 'set k 0 0 4\r\nabcd\r\n'
  const HIT = 'VALUE k 0 4\r\nabcd\r\nEND\r\n'

  it.each<BehaviourSpec>([{ serviceTime: { millis: 150 } }, { pause: { forMillis: 150 } }, { limited: { perSecond: 1_000 / 150 } }])(
    'answers no sooner than it says: %j',
    async (behaviour) => {
      const cache = await fake('memcached', behaviour)
      expect(await peer(cache).timed('get k\r\n', 5)).toBeGreaterThanOrEqual(150)
    },
  )

  it('stopReading, and takes it up afterwards', async () => {
    const cache = await fake('memcached', { stopReading: { forMillis: 400 } })
    const one = peer(cache)
    const stored = one.timed(STORE, 8)
    await counted(cache, 'set', 1)
    one.send('get k\r\n')
    await one.within(50)
    expect(cache.counts.commands).toEqual({ set: 1 })
    expect(await stored).toBeGreaterThanOrEqual(400)
    expect(await one.heard(8 + HIT.length)).toBe(`STORED\r\n${HIT}`)
  })

  it('refuse cuts and refuses, and comes back with what it had', async () => {
    const cache = await fake('memcached', { refuse: { afterCommands: 1, forMillis: 500 } })
    const one = peer(cache).send(STORE)
    await one.heard(8)
    one.send('get k\r\n')
    expect(await one.over()).not.toBe('open')
    expect(await peer(cache).over()).toBe('refused')
    while ((await peer(cache).send('get k\r\n').heard(HIT.length)) !== HIT) await pause(20)
  })

  it('answer, surplus, and a refusal by its own words', async () => {
    await expectHeard(await fake('memcached', { answer: { commands: ['get'], bytes: 'VALUE' } }), 'get k\r\n', 'VALUE')
    await expectHeard(await fake('memcached', { surplus: { commands: ['get'] } }), 'get k\r\n', 'END\r\nEND\r\n')
    const denying = await fake('memcached', { deny: { commands: ['get'], every: 2, error: 'CLIENT_ERROR no' } })
    await expectHeard(denying, 'get k\r\nget k\r\n', 'END\r\nCLIENT_ERROR no\r\n')
  })

  it.each(['end', 'reset'] as const)('halfReply, then %s; nothing of the second half comes', async (then) => {
    const cache = await fake('memcached', { halfReply: { commands: ['get'], then } })
    const one = peer(cache).send(`${STORE}get k\r\n`)
    expect(await one.over()).toBe(then)
    expect(`STORED\r\n${HIT}`.startsWith(one.text)).toBe(true)
    expect(one.text.length).toBeLessThan(8 + HIT.length)
  })

  it('resetAfter so many commands, carried out all the same', async () => {
    const cache = await fake('memcached', { resetAfter: { commands: 1 } })
    const one = peer(cache)
    await one.timed('get k\r\n', 5)
    one.send(STORE)
    expect(await one.over()).toBe('reset')
    await expectHeard(cache, 'get k\r\n', HIT)
  })

  it('slowDrip: a few bytes at a time', async () => {
    const cache = await fake('memcached', { slowDrip: { commands: ['get'], bytes: 2, everyMillis: 60 } })
    expect(await peer(cache).timed('get k\r\n', 5)).toBeGreaterThanOrEqual(120)
  })
})

it('behaviours compose', async () => {
  const cache = await fake(
    'redis',
    { serviceTime: { millis: 30 } },
    { deny: { commands: ['DEL'], error: 'NOPERM' } },
    { surplus: { commands: ['DEL'] } },
  )
  const one = peer(cache)
  expect(await one.timed('DEL a\r\n', 18)).toBeGreaterThanOrEqual(30)
  expect(one.text).toBe('-NOPERM\r\n-NOPERM\r\n')
})

it('a behaviour that is unknown is named with those that there are', () => {
  expect(() => createBehaviours({ pasue: {} } as BehaviourSpec)).toThrow(/no behaviour "pasue"; there are: altered, .*pause/)
})
