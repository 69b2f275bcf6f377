import type { Failure } from '../client/client.ts'
import { Roster, type RosterMember } from '../runtime/roster.ts'
import type { Nanos, Runtime, Timer } from '../runtime/runtime.ts'
import type { Database, DatabaseResult } from './database.ts'
import type { DatabaseControl } from './database-control.ts'
import { Fifo } from './fifo.ts'
import { lognormalNanos } from './lognormal.ts'

export interface DatabaseModel {
  /** Service time; absent = none of its own. */
  readonly latency?: { readonly medianNanos: Nanos; readonly p99Nanos: Nanos }
  /** How many calls are served at once; the others queue, first come, first served. Absent = any number. */
  readonly concurrency?: number
  /** Names the stream of draws; give each instance its own, so that they do not wait in step. */
  readonly concern?: string
}

/**
 * A database behind a service time and a queue, so that an embedded one behaves like one across a network: a call
 * waits for a free place, is served for a lognormal time, and takes effect in the middle of it. It moves by
 * `runtime.after` alone, hence the same on real and on virtual time.
 */
export function createModelledDatabase(inner: Database, model: DatabaseModel, runtime: Runtime, control?: DatabaseControl): Database {
  const stream = runtime.chance.stream(model.concern ?? 'database.service')
  const concurrency = model.concurrency ?? Number.POSITIVE_INFINITY
  const waiting = new Fifo<Call>()
  const serving = new Roster<Call>()
  let calls = 0
  let closed = false

  function submit<T>(apply: (done: (result: DatabaseResult<T>) => void) => void, done: (result: DatabaseResult<T>) => void): void {
    const refusal = closed ? CLOSED : control && !control.available ? REFUSED : undefined
    if (refusal) {
      runtime.after(0, () => done(refusal))
      return
    }
    const index = calls++
    const { latency } = model
    const serviceNanos = latency ? lognormalNanos(latency.medianNanos, latency.p99Nanos, stream, index) : 0
    const call = new Call()
    const end = (result: DatabaseResult<T>): void => {
      call.ended = true
      serving.delete(call)
      // Before the answer: what its receiver asks next must not pass those who wait.
      startNext()
      done(result)
    }
    call.run = () => {
      const before = Math.floor(serviceNanos / 2)
      const takeEffect = (): void => {
        apply((result) => {
          if (call.ended) return
          if (serviceNanos === 0) end(result)
          else call.timer = runtime.after(serviceNanos - before, () => end(result))
        })
      }
      if (serviceNanos === 0) takeEffect()
      else call.timer = runtime.after(before, takeEffect, QUIET)
    }
    call.abandon = (failure) => {
      call.ended = true
      call.timer?.cancel()
      runtime.after(0, () => done({ status: failure.status, failure }))
    }
    if (serving.size < concurrency) start(call)
    else waiting.push(call)
  }

  function start(call: Call): void {
    serving.add(call)
    call.run()
  }

  function startNext(): void {
    while (serving.size < concurrency) {
      const next = waiting.shift()
      if (!next) return
      start(next)
    }
  }

  /** Every call so far ends here; what has not taken effect never will. */
  function abandonAll(failure: Failure): void {
    for (const call of serving.takeAll()) call.abandon(failure)
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) call.abandon(failure)
  }

  control?.onLose(() => abandonAll(LOST))
  return {
    ...(inner.attachUrl !== undefined && { attachUrl: inner.attachUrl }),
    description: {
      ...inner.description,
      ...(model.latency && { serviceModel: describeModel(model, inner.description.serviceModel), evidence: 'modelled' as const }),
    },
    load: (rows) => inner.load(rows),
    read: (key, done) => submit((answer) => inner.read(key, answer), done),
    write: (key, writer, value, done) => submit((answer) => inner.write(key, writer, value, answer), done),
    async close() {
      if (closed) return
      closed = true
      abandonAll(LOST)
      await inner.close()
    },
  }
}

/**
 * A class, not a literal: V8 comes to allocate the literals of a busy place in old space, and every dead one there keeps
 * what it refers to alive until the next full collection.
 */
class Call implements RosterMember {
  place = -1
  ended = false
  timer: Timer | undefined
  run: () => void = NOTHING
  abandon: (failure: Failure) => void = NOTHING
}

const NOTHING = (): void => {}

/** Taking effect answers nobody: the inner database does so on a turn of its own. */
const QUIET = true
const LOST: Failure = { status: 'info', code: 'closed', message: 'the database was lost while the call was under way' }
const REFUSED = { status: 'fail', failure: { status: 'fail', code: 'refused', message: 'the database is away' } } as const
const CLOSED = { status: 'fail', failure: { status: 'fail', code: 'not-sent', message: 'the database is closed' } } as const

function describeModel(model: DatabaseModel, inner: string): string {
  const { latency, concurrency } = model
  const atOnce = concurrency === undefined ? 'any number at a time' : `${concurrency} at a time`
  const words = latency ? `modelled: median ${millis(latency.medianNanos)}, p99 ${millis(latency.p99Nanos)}, ${atOnce}` : atOnce
  return inner.startsWith('none') ? words : `${words}, in front of a real one (${inner})`
}

function millis(nanos: Nanos): string {
  return `${Number((nanos / 1e6).toPrecision(3))} ms`
}
