import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MILLISECOND, type Runtime, type Task } from '../runtime/runtime.ts'
import type { Address } from './address.ts'
import type { NetworkFailure } from './closed.ts'
import type { DialOptions, ListenOptions, Network, Resolved } from './network.ts'
import { echoing, Host, Talker } from './talker.contract.ts'

/** A network as two processes see it, one that listens and one that dials. */
export interface NetworkSubject {
  readonly runtime: Runtime
  readonly server: Network
  readonly client: Network
  /** To listen on, anew each time: port 0, or a path of its own. */
  readonly address: () => Address
  /** Nobody listens there. */
  readonly nobody: Address
  readonly unknownName: string
  readonly listening?: ListenOptions
  readonly dialling?: DialOptions
  readonly encryption: 'none' | 'tls' | 'modelled'
  close(): void
}

interface Stage extends NetworkSubject {
  readonly task: Task
  listen(make?: () => Talker): Promise<{ readonly host: Host; readonly address: Address }>
  dial(address: Address, also?: Talker['also']): Talker
  /** Both ends of one connection. */
  pair(): Promise<{ readonly near: Talker; readonly far: Talker }>
}

const ENOUGH = 64 * 1_048_576

/** The conformance suite of every Network. */
export function networkContract(name: string, open: () => NetworkSubject): void {
  async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
    const subject = open()
    try {
      await subject.runtime.run('test', async (task) => {
        const hosts: Host[] = []
        const talkers: Talker[] = []
        const stage: Stage = {
          ...subject,
          task,
          async listen(make) {
            const host = new Host(subject.server, subject.address(), subject.listening, make)
            hosts.push(host)
            return { host, address: await host.address(task) }
          },
          dial(address, also) {
            const talker = Talker.dial(subject.client, address, subject.dialling, also)
            talkers.push(talker)
            return talker
          },
          async pair() {
            const { host, address } = await stage.listen()
            const near = stage.dial(address)
            const far = await host.nth(task)
            await near.untilTold(task, 'connected')
            return { near, far }
          },
        }
        try {
          await play(stage)
          // Whatever the play: nothing is told within a call, and what has closed is told nothing more.
          const all = [...talkers, ...hosts.flatMap(({ accepted }) => accepted)]
          for (const talker of all) {
            expect(talker.toldWithinCall).toBe(false)
            if (talker.reason) expect(talker.told.indexOf('closed')).toBe(talker.told.length - 1)
          }
        } finally {
          for (const { listener, accepted } of hosts) {
            listener.close()
            for (const { connection } of accepted) connection.destroy()
          }
          for (const { connection } of talkers) connection.destroy()
        }
      })
    } finally {
      subject.close()
    }
  }

  const play = (title: string, act: (stage: Stage) => Promise<void>): void => it(title, () => onStage(act))

  describe(`network contract: ${name}`, () => {
    it('says again what it is told, in order and without gaps, however it is cut', async () => {
      const sizes = fc.array(fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 60 }) }, fc.nat({ max: 70_000 })), { maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(sizes, (lengths) =>
          onStage(async ({ listen, dial, task }) => {
            const { address } = await listen(echoing)
            const client = dial(address)
            const said: Buffer[] = []
            let scratch = Buffer.alloc(70_000)
            let value = 0
            for (const length of lengths) {
              const piece = scratch.subarray(0, length)
              for (let at = 0; at < length; at++) piece[at] = value = (value * 31 + 7) & 0xff
              said.push(Buffer.from(piece))
              client.write(piece)
              // What was given away may be used again when the network says so, and only then.
              if (client.connection.unsentBytes === 0) scratch.fill(0xee)
              else scratch = Buffer.alloc(70_000)
            }
            client.end()
            expect(await client.untilClosed(task)).toBe('ended by us')
            expect(client.received.equals(Buffer.concat(said))).toBe(true)
          }),
        ),
        { seed: 20261127, numRuns: 40 },
      )
    })

    play('knows its peer and whether it is encrypted', async ({ pair, encryption }) => {
      const { near, far } = await pair()
      expect(near.connection.encryption).toBe(encryption)
      expect(far.connection.encryption).toBe(encryption)
      expect(far.connection.peer).toBeTruthy()
      expect(near.told).toEqual(['connected'])
    })

    play('holds a writer back while its peer does not read, and tells him when there is room', async ({ pair, task }) => {
      const { near, far } = await pair()
      far.pause()
      const piece = Buffer.alloc(70_001, 'x')
      const drains = (): number => near.told.filter((event) => event === 'drained').length
      let written = 0
      let before = 0
      // The systems on the way have room for some, and say so until they have none.
      do {
        before = drains()
        let roomy = true
        for (; roomy && written < ENOUGH; written += piece.length) roomy = near.write(piece)
        await task.sleep(20 * MILLISECOND)
      } while (written < ENOUGH && (drains() > before || near.connection.unsentBytes === 0))
      expect(written).toBeLessThan(ENOUGH)
      expect(near.connection.unsentBytes).toBeGreaterThan(0)
      expect(far.receivedBytes).toBe(0)
      far.resume()
      await far.until(task, 'all of it', () => far.receivedBytes === written)
      await near.until(task, 'drained', () => drains() > before)
      expect(near.connection.unsentBytes).toBe(0)
      expect(near.write(Buffer.from('on'))).toBe(true)
      await far.until(task, 'the rest', () => far.receivedBytes === written + 2)
    })

    play('tells nothing to who has paused, also not of the end behind it', async ({ pair, task }) => {
      const { near, far } = await pair()
      near.write('one')
      await far.until(task, 'one', () => far.text === 'one')
      far.pause()
      near.write('two')
      near.end()
      await task.sleep(20 * MILLISECOND)
      expect(far.told).toEqual(['data'])
      expect(far.text).toBe('one')
      far.resume()
      await far.untilTold(task, 'ended')
      expect(far.text).toBe('onetwo')
    })

    play('can be paused by the chunk that is too much', async ({ pair, task }) => {
      const { near, far } = await pair()
      far.also.data = () => far.pause()
      near.write('one')
      await far.until(task, 'one', () => far.text === 'one')
      near.write('two')
      await task.sleep(20 * MILLISECOND)
      expect(far.text).toBe('one')
      far.resume()
      await far.until(task, 'two', () => far.text === 'onetwo')
    })

    play('a side that has ended still hears the other', async ({ pair, task }) => {
      const { near, far } = await pair()
      near.write('question')
      near.end()
      near.end()
      expect(near.write('and one more')).toBe(false)
      await far.untilTold(task, 'ended')
      expect(far.text).toBe('question')
      await task.sleep(MILLISECOND)
      expect(far.reason).toBeUndefined()
      const answer = Buffer.alloc(300_000, 'a')
      far.write(answer)
      await near.until(task, 'the answer', () => near.receivedBytes === answer.length)
      far.end()
      expect(await near.untilClosed(task)).toBe('ended by us')
      expect(await far.untilClosed(task)).toBe('ended by peer')
      expect(near.told).toEqual(['connected', 'data', 'ended', 'closed'])
      expect(far.told.filter((event) => event !== 'drained')).toEqual(['data', 'ended', 'closed'])
    })

    play('hears of the end after all that was said', async ({ pair, task }) => {
      const { near, far } = await pair()
      for (let n = 0; n < 50; n++) far.write(`${n},`)
      far.end()
      await near.untilTold(task, 'ended')
      expect(near.text).toBe(`${Array.from({ length: 50 }, (_, n) => n).join(',')},`)
      near.end()
      expect(await near.untilClosed(task)).toBe('ended by peer')
      expect(await far.untilClosed(task)).toBe('ended by us')
    })

    play('one who destroys is told only that; his peer of an end or a reset', async ({ pair, task }) => {
      const { near, far } = await pair()
      far.also.ended = () => far.end()
      far.write('on its way')
      near.destroy()
      near.destroy()
      near.end()
      expect(near.write('nothing')).toBe(false)
      expect(await near.untilClosed(task)).toBe('destroyed')
      expect(near.told).toEqual(['connected', 'closed'])
      expect(near.received).toHaveLength(0)
      expect(await far.untilClosed(task)).toMatch(/^(?:ended by peer|reset)$/)
    })

    play('who goes on writing to one who has destroyed is reset', async ({ pair, task }) => {
      const { near, far } = await pair()
      far.destroy()
      while (!near.reason) {
        near.write('hello?')
        await task.sleep(MILLISECOND)
      }
      expect(await near.untilClosed(task)).toBe('reset')
      const { code, message } = near.reason as NetworkFailure
      expect(code).toMatch(/^(?:ECONNRESET|EPIPE)$/)
      expect(message).toContain(code)
    })

    play('is refused where nobody listens', async ({ dial, nobody, task }) => {
      const client = dial(nobody)
      expect(await client.untilClosed(task)).toBe('refused')
      expect(client.told).toEqual(['closed'])
      expect((client.reason as NetworkFailure).code).toBe('path' in nobody ? 'ENOENT' : 'ECONNREFUSED')
    })

    play('says that a name is not known, to who dials and to who asks', async ({ dial, unknownName, client, task }) => {
      expect(await dial({ host: unknownName, port: 6379 }).untilClosed(task)).toBe('name-not-found')
      const result = await task.wait<Resolved | NetworkFailure>('a name', (settle) => client.resolve(unknownName, settle))
      expect(result.why).toBe('name-not-found')
    })

    play('an address resolves to itself', async ({ client, listen, task }) => {
      const { address } = await listen()
      const host = 'path' in address ? '127.0.0.1' : address.host
      let within = true
      const result = await task.wait<Resolved | NetworkFailure>('an address', (settle) => {
        client.resolve(host, (resolved) => {
          expect(within).toBe(false)
          settle(resolved)
        })
        within = false
      })
      expect(result).toEqual({ why: undefined, addresses: [host] })
    })

    play('throws at what is no address', async ({ client, server }) => {
      const events = new Talker()
      for (const port of [0, -1, 65_536, 1.5, Number.NaN]) expect(() => client.dial({ host: 'a', port }, events)).toThrow(RangeError)
      expect(() => client.dial({ host: '', port: 1 }, events)).toThrow(RangeError)
      expect(() => client.dial({ path: '' }, events)).toThrow(RangeError)
      expect(() =>
        server.listen(
          { host: 'a', port: -1 },
          () => events,
          () => {},
        ),
      ).toThrow(RangeError)
      await Promise.resolve()
    })

    describe('may be destroyed in each callback', () => {
      play('connected', async ({ listen, dial, task }) => {
        const { address } = await listen(echoing)
        const client = dial(address, { connected: () => client.destroy() })
        client.write('early')
        expect(await client.untilClosed(task)).toBe('destroyed')
        expect(client.told).toEqual(['connected', 'closed'])
      })

      play('data, and nothing more of what has come is told', async ({ pair, task }) => {
        const { near, far } = await pair()
        far.pause()
        for (let n = 0; n < 20; n++) near.write(Buffer.alloc(20_000, n))
        near.end()
        await task.sleep(20 * MILLISECOND)
        let chunks = 0
        far.also.data = () => {
          chunks++
          far.destroy()
        }
        far.resume()
        expect(await far.untilClosed(task)).toBe('destroyed')
        expect(chunks).toBe(1)
        expect(far.told).toEqual(['data', 'closed'])
        // What it had not read is lost, and whoever sent it hears so, or not, if he had ended before.
        expect(await near.untilClosed(task)).toMatch(/^(?:ended by us|reset)$/)
      })

      play('ended', async ({ pair, task }) => {
        const { near, far } = await pair()
        far.also.ended = () => far.destroy()
        near.end()
        expect(await far.untilClosed(task)).toBe('destroyed')
        expect(await near.untilClosed(task)).toMatch(/^(?:ended by us|reset)$/)
      })

      play('drained', async ({ pair, task }) => {
        const { near, far } = await pair()
        far.also.ended = () => far.end()
        near.also.drained = () => near.destroy()
        while (near.write(Buffer.alloc(100_000)));
        expect(await near.untilClosed(task)).toBe('destroyed')
        expect(await far.untilClosed(task)).toMatch(/^(?:ended by peer|reset)$/)
      })

      play('accepted', async ({ listen, dial, task }) => {
        const { address, host } = await listen(() => new Talker({ accepted: (talker) => talker.destroy() }))
        const client = dial(address, { ended: () => client.end() })
        expect(await client.untilClosed(task)).toMatch(/^(?:ended by peer|reset)$/)
        expect(await host.accepted[0]!.untilClosed(task)).toBe('destroyed')
      })
    })

    play('many connections do not hear of each other', async ({ listen, dial, task }) => {
      const { address, host } = await listen(echoing)
      const clients = Array.from({ length: 60 }, () => dial(address))
      for (const [n, client] of clients.entries()) client.write(`I am ${n}`)
      for (const [n, client] of clients.entries()) {
        client.end()
        expect(await client.untilClosed(task)).toBe('ended by us')
        expect(client.text).toBe(`I am ${n}`)
      }
      expect(host.accepted).toHaveLength(60)
    })

    play('carries a large write whole', async ({ pair, task }) => {
      const { near, far } = await pair()
      const large = Buffer.allocUnsafe(9_000_001)
      for (let at = 0; at < large.length; at++) large[at] = (at * 7 + (at >> 9)) & 0xff
      near.write(large)
      await far.until(task, 'all', () => far.receivedBytes === large.length)
      expect(far.received.equals(large)).toBe(true)
    })

    play('sends what was written and ended before it was connected', async ({ listen, dial, task }) => {
      const { address, host } = await listen(echoing)
      const client = dial(address)
      client.write('early')
      client.write(' bird')
      client.end()
      expect(await client.untilClosed(task)).toBe('ended by us')
      expect(client.text).toBe('early bird')
      expect(client.told).toEqual(['connected', 'data', 'ended', 'closed'])
      expect(host.accepted[0]!.text).toBe('early bird')
    })

    play('tells who was held back before it was connected, too, when there is room', async ({ listen, dial, task }) => {
      const { address } = await listen()
      const client = dial(address)
      let written = 0
      while (written < ENOUGH && client.write(Buffer.alloc(100_000))) written += 100_000
      expect(written).toBeLessThan(ENOUGH)
      expect(client.connection.unsentBytes).toBeGreaterThan(0)
      await client.untilTold(task, 'drained')
      expect(client.told).toEqual(['connected', 'drained'])
    })

    play('can be destroyed while it connects', async ({ listen, dial, task }) => {
      const { address } = await listen()
      const client = dial(address)
      client.write('early')
      client.destroy()
      expect(await client.untilClosed(task)).toBe('destroyed')
      expect(client.told).toEqual(['closed'])
    })

    play('may write to whom it has just accepted', async ({ listen, dial, task }) => {
      const welcome = (talker: Talker): void => {
        talker.write('welcome')
        talker.end()
      }
      const { address } = await listen(() => new Talker({ accepted: welcome }))
      const client = dial(address, { ended: () => client.end() })
      expect(await client.untilClosed(task)).toBe('ended by peer')
      expect(client.text).toBe('welcome')
    })

    play('two can not listen at one address', async ({ listen, server, listening, task }) => {
      const { address } = await listen()
      const second = new Host(server, address, listening)
      await expect(second.address(task)).rejects.toThrow(/^address-in-use: .*EADDRINUSE/)
      await second.close(task)
    })

    play('a listener that closes keeps whom it has accepted, and its address is free', async ({ listen, dial, task, server, listening }) => {
      const { address, host } = await listen(echoing)
      const before = dial(address)
      await host.nth(task)
      await before.untilTold(task, 'connected')
      await host.close(task)
      await host.close(task)
      expect(await dial(address).untilClosed(task)).toBe('refused')
      before.write('still here?')
      await before.until(task, 'the echo', () => before.text === 'still here?')
      const next = new Host(server, address, listening, echoing)
      expect(await next.address(task)).toEqual(address)
      const after = dial(address)
      after.write('hello')
      await after.until(task, 'the echo', () => after.text === 'hello')
      expect(host.accepted).toHaveLength(1)
      await next.close(task)
      for (const { connection } of next.accepted) connection.destroy()
    })

    play('a listener may be closed before it listens', async ({ server, address, listening, task }) => {
      const host = new Host(server, address(), listening)
      await host.close(task)
      expect(host.result).toBeTruthy()
    })
  })
}
