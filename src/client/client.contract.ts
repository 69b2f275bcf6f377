import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Command, Word } from '../protocol/command.ts'
import { MemcachedValues, type Reply, ReplyError } from '../protocol/reply.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import type { Client, ClientOptions, Failure, ReplySink, WireFacts } from './client.ts'

/** What the shared suite has to know of a client to try it. */
export interface ClientContractSubject {
  readonly name: string
  readonly family: 'redis' | 'memcached'
  /** A client of a server of its own that is empty. */
  open(options: ClientOptions): Promise<OpenedClient>
}

export interface OpenedClient {
  readonly client: Client
  /** Ends client and server. */
  close(): Promise<void>
  /** As `kill -9`. Resolves when it is gone. */
  killServer(): Promise<void>
  /** On the same address; what it held may be lost. Resolves when it accepts connections. */
  restartServer(): Promise<void>
  /** Makes the server stop answering without closing anything, and go on (SIGSTOP, SIGCONT). The deadline is tested where this can be done. */
  freezeServer?(): void
  thawServer?(): void
}

export type Told =
  | { readonly kind: 'reply'; readonly token: number; readonly reply: Reply; readonly facts: WireFacts }
  | { readonly kind: 'failed'; readonly token: number; readonly failure: Failure; readonly facts: WireFacts }

/** The promise form of `submit`, which checks the sink's own promises on the way: once, with the token, not within `submit`. */
export class Asker {
  /** What the sink was told, in order. */
  readonly told: Told[] = []
  readonly #client: Client
  #token = 0
  #submitting = false

  constructor(client: Client) {
    this.#client = client
  }

  ask(command: Command, lane?: number): Promise<Told> {
    return new Promise((resolve, reject) => {
      const token = ++this.#token
      let calls = 0
      const hear = (told: Told): void => {
        calls++
        this.told.push(told)
        if (this.#submitting) reject(new Error('the sink was called within submit'))
        else if (calls > 1) throw new Error(`the sink was called ${calls} times`)
        else if (told.token !== token) reject(new Error(`the sink was called with token ${told.token} instead of ${token}`))
        else resolve(told)
      }
      const sink: ReplySink = {
        reply: (heard, reply, facts) => hear({ kind: 'reply', token: heard, reply, facts: { ...facts } }),
        failed: (heard, failure, facts) => hear({ kind: 'failed', token: heard, failure, facts: { ...facts } }),
      }
      this.#submitting = true
      this.#client.submit(command, token, sink, lane)
      this.#submitting = false
    })
  }

  async reply(command: Command, lane?: number): Promise<Reply> {
    const told = await this.ask(command, lane)
    if (told.kind === 'failed') throw new Error(`${told.failure.status} ${told.failure.code}: ${told.failure.message}`)
    return told.reply
  }
}

/** What can shift answers against questions: quiet, malformed, refused, streaming, ending the connection. */
const MISFITS: Record<'redis' | 'memcached', readonly Command[]> = {
  redis: [
    ['SUBSCRIBE', 'a', 'b'],
    ['unsubscribe'],
    ['PSUBSCRIBE', 'a*'],
    ['SSUBSCRIBE', 'a'],
    ['MONITOR'],
    ['SYNC'],
    ['CLIENT', 'REPLY', 'SKIP'],
    [Buffer.from('client'), Buffer.from('reply'), 'off'],
    ['GET'],
    ['GET', ''],
    ['SET', 'k', 'v', 'XX', 'NX'],
    ['NO SUCH', 'command\r\n'],
  ],
  memcached: [
    ['set', 'k', '-1', '-1', 'value'],
    ['set', 'k', '-2147483649', '0', 'noreply', 'version'],
    ['set', 'k', '0', '18446744073709551616', 'version'],
    ['set', 'k', '0', '0', 'noreply'],
    ['set', 'k', '0', '0', 'noreply', 'value'],
    ['set', 'k', '0', '0', 'bogus', 'value'],
    ['set', 'k'.repeat(251), '0', '0', 'noreply', 'version'],
    ['set', 'k', '0', '0', Buffer.alloc(1_500_000)],
    ['set', 'k', '0', '0', 'noreply', Buffer.alloc(1_500_000)],
    ['cas', 'k', '0', '0', '-1', 'noreply', 'version'],
    ['cas', 'k', '0', '0', '1', 'noreply', 'value'],
    ['delete', 'noreply'],
    ['delete', 'k', 'noreply'],
    ['delete', 'k', '0', '0', 'noreply'],
    ['delete', 'k'.repeat(251), 'noreply'],
    ['incr', 'noreply'],
    ['incr', 'k', 'noreply'],
    ['decr', 'k', '1', '2', 'noreply'],
    ['touch', 'noreply'],
    ['touch', 'k', 'x', 'noreply'],
    ['get', 'k'.repeat(251)],
    ['get', 'x', 'noreply'],
    ['bget', 'x', 'y'],
    ['gat', '0'],
    ['verbosity', 'noreply'],
    ['verbosity', '1', '2', 'noreply'],
    ['cache_memlimit', 'x', 'y', 'noreply'],
    ['flush_all', 'x', 'noreply'],
    ['flush_all', '1', '2', '3', 'noreply'],
    ['lru', 'tune', 'noreply'],
    ['extstore', 'noreply'],
    ['no-such-command', 'noreply'],
    ['mg', 'k', 'v', 'q'],
    ['mg', 'k', 'quiet'],
    ['md', 'k', 'noreply'],
    ['ms', 'k', 'S1', 'value'],
    ['ms', 'k', 'T-1', 'noreply', 'value'],
    ['mn', 'x'],
    ['stats', 'detail', 'dump'],
    ['stats', 'cachedump', '1', '0'],
    ['quit'],
    ['watch'],
    ['set', 'k', '0', '0', 'end', 'of it\r\nget y'],
  ],
}

const OPTIONS: ClientOptions = { deadlineNanos: 5 * SECOND, connections: 1, id: 1 }

/** The suite that every client passes, whatever it is made of and whatever it speaks to. */
export function clientContract(subject: ClientContractSubject): void {
  const redis = subject.family === 'redis'
  const set = (key: Word, value: Word): Command => (redis ? ['SET', key, value] : ['set', key, '0', '0', value])
  const get = (key: Word): Command => [redis ? 'GET' : 'get', key]
  const add = (key: Word): Command => (redis ? ['INCRBY', key, '1'] : ['incr', key, '1'])

  const valueIn = (reply: Reply): string | null => {
    const value = reply instanceof MemcachedValues ? (reply.items[0]?.value ?? null) : reply
    if (value === null) return null
    if (!(value instanceof Uint8Array)) throw new Error(`not a value: ${JSON.stringify(reply)}`)
    return Buffer.from(value).toString('latin1')
  }

  describe(`${subject.name}: client contract`, () => {
    let opened: OpenedClient
    let asker: Asker

    async function reopen(options: Partial<ClientOptions> = {}): Promise<void> {
      opened = await subject.open({ ...OPTIONS, ...options })
      asker = new Asker(opened.client)
    }

    beforeEach(() => reopen())
    afterEach(() => opened.close())

    /** Asks until there is an answer; every failure on the way must say that nothing was applied or that it is not known. */
    async function recovered(): Promise<void> {
      for (let attempt = 0; attempt < 1_000; attempt++) {
        const told = await asker.ask(get('x'))
        if (told.kind === 'reply' && !(told.reply instanceof ReplyError)) return
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error('the client did not recover')
    }

    it('gives back every byte of a value', async () => {
      const values = [
        Buffer.alloc(0),
        Buffer.from('\r\n'),
        Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
        Buffer.alloc(200_000, 'END\r\n$5\r\n'),
      ]
      for (const [index, value] of values.entries()) {
        await asker.reply(set(`k${index}`, value))
        expect(valueIn(await asker.reply(get(Buffer.from(`k${index}`))))).toBe(value.toString('latin1'))
      }
      expect(valueIn(await asker.reply(get('absent')))).toBeNull()
    })

    it('tells a sink that reads no values whether there is one, and those beside it what it is', async () => {
      const { client } = opened
      await asker.reply(set('k', 'x'.repeat(200)))
      const replies: Reply[] = []
      await new Promise<void>((resolve, reject) => {
        const hear = (_token: number, reply: Reply): void => {
          if (replies.push(reply) === 4) resolve()
        }
        const failed: ReplySink['failed'] = (_token, failure) => reject(new Error(failure.message))
        const deaf: ReplySink = { readsValues: false, reply: hear, failed }
        const reading: ReplySink = { reply: hear, failed }
        client.submit(get('k'), 1, deaf)
        client.submit(get('k'), 2, reading)
        client.submit(get('none'), 3, deaf)
        client.submit(get('k'), 4, reading)
      })
      expect(replies.map((reply) => valueIn(reply) !== null)).toEqual([true, true, false, true])
      expect([replies[1]!, replies[3]!].map(valueIn)).toEqual(['x'.repeat(200), 'x'.repeat(200)])
    })

    it('answers in the order of submission, each to its own', async () => {
      await asker.reply(set('n', '0'))
      const answers = await Promise.all(Array.from({ length: 500 }, () => asker.reply(add('n'))))
      expect(answers.map(Number)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
      const tokens = asker.told.map((told) => told.token)
      expect(tokens).toEqual([...tokens].sort((a, b) => a - b))
    })

    it('lets the caller use the command again as soon as submit has returned', async () => {
      const key = Buffer.from('k1')
      const command: Word[] = [...set(key, Buffer.from('one'))]
      const first = asker.reply(command)
      key.write('k2')
      command[command.length - 1] = Buffer.from('two')
      const second = asker.reply(command)
      await Promise.all([first, second])
      expect(valueIn(await asker.reply(get('k1')))).toBe('one')
      expect(valueIn(await asker.reply(get('k2')))).toBe('two')
    })

    it('keeps each lane to a connection of its own, and uses all it was told to open', async (context) => {
      await opened.close()
      await reopen({ connections: 3 })
      expect(opened.client.openConnections).toBe(3)
      if (!redis) context.skip()
      // Twice, and in two orders: what matters is the lane and not whose turn it is.
      const lanes = [0, 1, 2, 3, 4, 5, 6, 5, 5, 2, 0, 0]
      const connections = await Promise.all(lanes.map((lane) => asker.reply(['CLIENT', 'ID'], lane)))
      const ofLane = connections.slice(0, 3)
      expect(new Set(ofLane).size).toBe(3)
      expect(connections).toEqual(lanes.map((lane) => ofLane[lane % 3]))
      expect(await asker.reply(['CLIENT', 'ID'])).toBe(ofLane[0])
    })

    it("takes a server's error for an answer", async () => {
      await asker.reply(set('text', 'abc'))
      expect(await asker.reply(add('text'))).toBeInstanceOf(ReplyError)
      expect(valueIn(await asker.reply(get('text')))).toBe('abc')
    })

    it('gives no answer to the wrong question, whatever stands between them', async () => {
      await asker.reply(set('x', 'one'))
      await asker.reply(set('y', 'two'))
      for (const misfit of MISFITS[subject.family]) {
        const first = asker.reply(get('x'))
        const between = asker.ask(misfit)
        const [x, y] = await Promise.all([first, asker.reply(get('y')), between])
        expect([valueIn(x), valueIn(y)], misfit.map(String).join(' ').slice(0, 80)).toEqual(['one', 'two'])
      }
      expect(asker.told.filter((told) => told.kind === 'failed' && told.failure.status === 'info')).toEqual([])
    })

    it('says when and where', async () => {
      const { facts } = await asker.ask(set('a', 'b'))
      expect(facts.node).not.toBe('')
      expect(facts.attempts).toBe(1)
      expect(facts.sentNanos).toBeGreaterThanOrEqual(0)
      expect(facts.doneNanos).toBeGreaterThanOrEqual(facts.sentNanos)
    })

    it('knows what it does not know when the server dies, and recovers when it is back', async () => {
      await asker.reply(set('x', '1'))
      const underWay = Array.from({ length: 50 }, () => asker.ask(get('x')))
      const killed = opened.killServer()
      for (const told of await Promise.all(underWay)) {
        // Whether the answer still came through is the race; a failure may not claim that nothing was applied.
        if (told.kind === 'failed') expect(told.failure).toMatchObject({ status: 'info', code: expect.stringMatching(/^(?:closed|timeout)$/) })
      }
      await killed
      // The client may need a moment to see it; from then on nothing is sent.
      let told = await asker.ask(get('x'))
      for (let i = 0; i < 1_000 && told.kind === 'failed' && told.failure.status === 'info'; i++) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        told = await asker.ask(get('x'))
      }
      expect(told).toMatchObject({ kind: 'failed', failure: { status: 'fail', code: expect.stringMatching(/^(?:refused|not-sent)$/) } })
      // A library may know that nothing can be sent before it has heard that its connection is gone.
      await expect.poll(() => opened.client.openConnections).toBe(0)
      await opened.restartServer()
      await recovered()
      expect(opened.client.openConnections).toBe(1)
      await asker.reply(set('x', 'after'))
      expect(valueIn(await asker.reply(get('x')))).toBe('after')
    })

    it('ends what is under way as unknown when it is closed, and takes nothing more', async () => {
      const underWay = asker.ask(set('a', 'b'))
      // Let it be sent.
      await new Promise((resolve) => setImmediate(resolve))
      const closing = opened.client.close()
      const told = await underWay
      if (told.kind === 'failed') expect(told.failure.status).toBe('info')
      await closing
      await opened.client.close()
      expect(await asker.ask(get('a'))).toMatchObject({ kind: 'failed', failure: { status: 'fail', code: 'not-sent' } })
    })

    it('keeps the deadline, and a late answer reaches nobody', async (context) => {
      await opened.close()
      await reopen({ deadlineNanos: 150 * MILLISECOND })
      if (!opened.freezeServer || !opened.thawServer) context.skip()
      await asker.reply(set('old', 'old'))
      await asker.reply(set('new', 'new'))
      opened.freezeServer!()
      const late = await Promise.all([asker.ask(get('old')), asker.ask(get('old'))])
      for (const told of late) expect(told).toMatchObject({ kind: 'failed', failure: { status: 'info', code: 'timeout' } })
      opened.thawServer!()
      await recovered()
      expect(valueIn(await asker.reply(get('new')))).toBe('new')
      expect(asker.told.filter((told) => told.kind === 'reply' && told.token === late[0]!.token)).toEqual([])
    })
  })
}
