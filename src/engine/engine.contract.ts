import { describe, expect, it } from 'vitest'
import type { Command, Word } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'
import { ReplyError } from '../protocol/reply.ts'
import type { Nanos } from '../runtime/runtime.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import type { Engine, EngineOptions, SessionId } from './engine.ts'

/** What the shared suite has to know of an engine to drive it. */
export interface EngineContractSubject {
  readonly name: string
  create(options: EngineOptions): Engine
  readonly commands: {
    /** Stores unconditionally; with a time to live in whole seconds, or without one. */
    store(key: Word, value: Word, ttlSeconds?: number): Command
    fetch(key: Word): Command
    remove(key: Word): Command
    /** The value in a reply to `fetch`; null for a miss. */
    singleValue(reply: Reply): Uint8Array | null
    /** A command that the engine does not know. */
    readonly unknown: Command
    /** Ends the connection from the client's side after the reply, if it answers at all. */
    readonly quit: Command
  }
  /**
   * Commands registered for the test only, which prove that blocking, waking, timeouts and pushes need no change
   * to the frame. Left out by engines whose protocol has nothing of the kind.
   */
  readonly probe?: {
    /** Blocks until `wake(name, ...)` or for `timeoutSeconds` (0 = for ever); answers what was woken with, or null. */
    wait(name: string, timeoutSeconds: number): Command
    /** Wakes the one that has waited longest; answers 1 or 0. */
    wake(name: string, value: string): Command
    /** Sends `value` as a push to every session that has waited for `name` at any time, then answers their number. */
    push(name: string, value: string): Command
  }
}

/** An engine under a hand-moved clock whose output is kept in lists. Also of use to tests of single commands. */
export class EngineBench {
  readonly engine: Engine
  readonly replies = new Map<SessionId, Reply[]>()
  readonly pushes = new Map<SessionId, Reply[]>()
  readonly closed: SessionId[] = []
  readonly effects: { database: number; command: Command }[] = []
  /** Called on every reply, while `feed` is still running. */
  onReply: ((session: SessionId, reply: Reply) => void) | undefined
  wallMicros = 1_700_000_000_000_000
  #now: Nanos = 0

  constructor(create: (options: EngineOptions) => Engine, options: Partial<EngineOptions> = {}) {
    let draws = 0
    const draw = (index: number) => {
      // A plain mix of the draw number: a test needs a stream that repeats, not one that is good.
      draws++
      let x = (index + draws * 0x9e3779b9) | 0
      x = Math.imul(x ^ (x >>> 16), 0x45d9f3b)
      x = Math.imul(x ^ (x >>> 16), 0x45d9f3b)
      return (x ^ (x >>> 16)) >>> 0
    }
    this.engine = create({
      sink: {
        reply: (session, reply) => {
          list(this.replies, session).push(reply)
          this.onReply?.(session, reply)
        },
        push: (session, reply) => {
          list(this.pushes, session).push(reply)
        },
        close: (session) => {
          this.closed.push(session)
        },
        effect: (database, command) => {
          this.effects.push({ database, command })
        },
      },
      wallMicros: () => this.wallMicros,
      chance: { uint32: draw, uniform: (index) => draw(index) / 0x100000000 },
      ...options,
    })
  }

  connect(...sessions: SessionId[]): this {
    for (const session of sessions) this.engine.connect(session)
    return this
  }

  /** Feeds one command and returns the replies that came to that session while it was fed. */
  feed(session: SessionId, command: Command): Reply[] {
    const replies = list(this.replies, session)
    const before = replies.length
    this.engine.feed(session, command)
    return replies.slice(before)
  }

  /** For a command that must answer at once with exactly one reply. */
  ask(session: SessionId, command: Command): Reply {
    const replies = this.feed(session, command)
    if (replies.length !== 1) throw new Error(`${replies.length} replies to ${command.map(String).join(' ')}`)
    return replies[0]!
  }

  /** Moves both clocks forward, stopping at every deadline on the way, as a driver does. */
  pass(nanos: Nanos): void {
    const end = this.#now + nanos
    for (;;) {
      const deadline = this.engine.nextDeadline()
      if (deadline === undefined || deadline > end) break
      this.#moveTo(Math.max(deadline, this.#now + 1))
    }
    this.#moveTo(end)
  }

  #moveTo(now: Nanos): void {
    if (now <= this.#now) return
    this.wallMicros += (now - this.#now) / 1000
    this.#now = now
    this.engine.advance(now)
  }
}

function list<T>(map: Map<SessionId, T[]>, session: SessionId): T[] {
  let found = map.get(session)
  if (!found) {
    found = []
    map.set(session, found)
  }
  return found
}

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('latin1'))

/** The suite every engine passes, driven directly: no sockets, no clock but the one moved here. */
export function engineContract(subject: EngineContractSubject): void {
  const { store, fetch, remove, singleValue: valueIn, unknown, quit } = subject.commands
  const bench = (options: Partial<EngineOptions> = {}) => new EngineBench(subject.create, options)

  describe(`${subject.name}: engine contract`, () => {
    it('gives back what was stored, to every session', () => {
      const b = bench().connect(1, 2)
      expect(b.feed(1, store('a', 'one'))).toHaveLength(1)
      expect(text(valueIn(b.ask(1, fetch('a'))))).toBe('one')
      expect(text(valueIn(b.ask(2, fetch('a'))))).toBe('one')
      expect(valueIn(b.ask(2, fetch('b')))).toBeNull()
      b.ask(2, remove('a'))
      expect(valueIn(b.ask(1, fetch('a')))).toBeNull()
    })

    it('keeps every byte of a value and takes keys as bytes or as text', () => {
      const b = bench().connect(1)
      const value = Uint8Array.from({ length: 256 }, (_, i) => i)
      b.ask(1, store(Buffer.from('k\u00e9', 'utf8'), value))
      expect(valueIn(b.ask(1, fetch('k\u00e9')))).toEqual(value)
    })

    it('keeps a value of its own when the caller reuses its buffer', () => {
      const b = bench().connect(1)
      const buffer = new Uint8Array([97, 98, 99])
      b.ask(1, store('a', buffer))
      buffer.fill(0)
      expect(text(valueIn(b.ask(1, fetch('a'))))).toBe('abc')
    })

    it('answers every command once and in order', () => {
      const b = bench().connect(1)
      for (let i = 0; i < 20; i++) {
        b.engine.feed(1, store(`k${i}`, String(i)))
        b.engine.feed(1, fetch(`k${i}`))
      }
      const replies = b.replies.get(1)!
      expect(replies).toHaveLength(40)
      for (let i = 0; i < 20; i++) expect(text(valueIn(replies[2 * i + 1]!))).toBe(String(i))
    })

    it('refuses what it does not know and goes on', () => {
      const b = bench().connect(1)
      expect(b.ask(1, unknown)).toBeInstanceOf(ReplyError)
      b.ask(1, store('a', 'x'))
      expect(text(valueIn(b.ask(1, fetch('a'))))).toBe('x')
    })

    it('takes commands fed from inside a reply after the one that is being answered', () => {
      const b = bench().connect(1, 2)
      b.ask(1, store('a', '1'))
      let once = true
      b.onReply = (session) => {
        if (session !== 1 || !once) return
        once = false
        b.engine.feed(1, store('a', '2'))
        b.engine.feed(2, fetch('a'))
        b.engine.feed(1, fetch('a'))
      }
      b.engine.feed(1, fetch('a'))
      const replies = b.replies.get(1)!.slice(1)
      expect(replies).toHaveLength(3)
      expect(text(valueIn(replies[0]!))).toBe('1')
      expect(text(valueIn(replies[2]!))).toBe('2')
      expect(text(valueIn(b.replies.get(2)![0]!))).toBe('2')
    })

    it('forgets a key when its time is over, and says when that is', () => {
      const b = bench().connect(1)
      b.ask(1, store('a', 'x', 10))
      b.ask(1, store('b', 'y'))
      b.pass(8 * SECOND)
      expect(text(valueIn(b.ask(1, fetch('a'))))).toBe('x')
      b.pass(3 * SECOND)
      expect(valueIn(b.ask(1, fetch('a')))).toBeNull()
      expect(text(valueIn(b.ask(1, fetch('b'))))).toBe('y')
    })

    it('has no deadline in the past after it was advanced', () => {
      const b = bench().connect(1)
      for (let i = 1; i < 20; i++) b.ask(1, store(`k${i}`, 'x', i))
      b.pass(5 * SECOND)
      const deadline = b.engine.nextDeadline()
      if (deadline !== undefined) expect(deadline).toBeGreaterThan(5 * SECOND - 1)
      b.pass(60 * SECOND)
      for (let i = 1; i < 20; i++) expect(valueIn(b.ask(1, fetch(`k${i}`)))).toBeNull()
    })

    it('does nothing for a session after it has gone', () => {
      const b = bench().connect(1, 2)
      b.engine.disconnect(1)
      b.engine.feed(1, store('a', 'x'))
      expect(b.replies.get(1) ?? []).toHaveLength(0)
      expect(valueIn(b.ask(2, fetch('a')))).toBeNull()
      b.engine.disconnect(1)
      b.connect(1)
      expect(valueIn(b.ask(1, fetch('a')))).toBeNull()
    })

    it('closes the session that asks for it', () => {
      const b = bench().connect(1, 2)
      b.engine.feed(1, quit)
      expect(b.closed).toEqual([1])
      expect(valueIn(b.ask(2, fetch('a')))).toBeNull()
    })

    it('closes every session and forgets everything on restart', () => {
      const b = bench().connect(1, 2)
      b.ask(1, store('a', 'x'))
      b.engine.restart()
      expect([...b.closed].sort()).toEqual([1, 2])
      b.connect(3)
      expect(valueIn(b.ask(3, fetch('a')))).toBeNull()
    })

    it('says and does the same when it is given the same', () => {
      const run = () => {
        const b = bench().connect(1, 2)
        for (let i = 0; i < 200; i++) {
          b.engine.feed((i % 2) + 1, i % 3 === 0 ? store(`k${i % 17}`, `v${i}`, (i % 5) + 1) : fetch(`k${i % 17}`))
          b.pass(50 * MILLISECOND)
        }
        return { replies: [...b.replies], effects: b.effects }
      }
      expect(run()).toEqual(run())
    })

    it('keeps two engines apart', () => {
      const one = bench().connect(1)
      const two = bench().connect(1)
      one.ask(1, store('a', 'x'))
      expect(valueIn(two.ask(1, fetch('a')))).toBeNull()
    })

    const probe = subject.probe
    if (!probe) return

    describe('blocked sessions', () => {
      it('answers a blocked session when another wakes it, first come first served', () => {
        const b = bench().connect(1, 2, 3)
        expect(b.feed(1, probe.wait('w', 0))).toEqual([])
        expect(b.feed(2, probe.wait('w', 0))).toEqual([])
        expect(b.ask(3, probe.wake('w', 'first'))).toBe(1)
        expect(text(b.replies.get(1)![0] as Uint8Array)).toBe('first')
        expect(b.replies.get(2) ?? []).toHaveLength(0)
        expect(b.ask(3, probe.wake('w', 'second'))).toBe(1)
        expect(text(b.replies.get(2)![0] as Uint8Array)).toBe('second')
        expect(b.ask(3, probe.wake('w', 'third'))).toBe(0)
      })

      it('keeps what is fed to a blocked session until it is woken, in order', () => {
        const b = bench().connect(1, 2)
        b.engine.feed(1, probe.wait('w', 0))
        b.engine.feed(1, store('a', 'x'))
        b.engine.feed(1, fetch('a'))
        expect(b.replies.get(1) ?? []).toHaveLength(0)
        expect(valueIn(b.ask(2, fetch('a')))).toBeNull()
        b.ask(2, probe.wake('w', 'go'))
        expect(b.replies.get(1)).toHaveLength(3)
        expect(text(valueIn(b.replies.get(1)![2]!))).toBe('x')
      })

      it('stops again when a kept command blocks too', () => {
        const b = bench().connect(1, 2)
        b.engine.feed(1, probe.wait('w', 0))
        b.engine.feed(1, probe.wait('w', 0))
        b.engine.feed(1, fetch('a'))
        b.ask(2, probe.wake('w', '1'))
        expect(b.replies.get(1)).toHaveLength(1)
        b.ask(2, probe.wake('w', '2'))
        expect(b.replies.get(1)).toHaveLength(3)
      })

      it('gives up at its deadline and not before', () => {
        const b = bench().connect(1)
        b.engine.feed(1, probe.wait('w', 2))
        b.engine.feed(1, fetch('a'))
        expect(b.engine.nextDeadline()).toBe(2 * SECOND)
        b.pass(1999 * MILLISECOND)
        expect(b.replies.get(1) ?? []).toHaveLength(0)
        b.pass(1 * MILLISECOND)
        expect(b.replies.get(1)).toHaveLength(2)
        expect(b.replies.get(1)![0]).toBeNull()
        expect(b.engine.nextDeadline()).toBeUndefined()
      })

      it('passes over a waiter that has gone', () => {
        const b = bench().connect(1, 2, 3)
        b.engine.feed(1, probe.wait('w', 5))
        b.engine.feed(2, probe.wait('w', 0))
        b.engine.disconnect(1)
        expect(b.engine.nextDeadline()).toBeUndefined()
        expect(b.ask(3, probe.wake('w', 'x'))).toBe(1)
        expect(b.replies.get(2)).toHaveLength(1)
        expect(b.replies.get(1) ?? []).toHaveLength(0)
      })

      it('closes blocked sessions on restart and wakes none of them', () => {
        const b = bench().connect(1)
        b.engine.feed(1, probe.wait('w', 0))
        b.engine.restart()
        b.connect(2)
        expect(b.ask(2, probe.wake('w', 'x'))).toBe(0)
        expect(b.replies.get(1) ?? []).toHaveLength(0)
      })

      it('pushes to other sessions outside the order of replies, blocked or not', () => {
        const b = bench().connect(1, 2, 3)
        b.engine.feed(1, probe.wait('w', 0))
        b.engine.feed(2, probe.wait('w', 0))
        b.ask(3, probe.wake('w', 'x'))
        expect(b.ask(3, probe.push('w', 'news'))).toBe(2)
        expect(b.pushes.get(1)).toHaveLength(1)
        expect(b.pushes.get(2)).toHaveLength(1)
        expect(b.replies.get(2) ?? []).toHaveLength(0)
      })
    })
  })
}
