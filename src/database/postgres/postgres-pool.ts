import type { ReservedSql, Sql } from 'postgres'
import { Fifo } from '../fifo.ts'
import { isConnectionLost } from './postgres-failure.ts'

/**
 * A pool of single connections, each a client of its own that is thrown away as soon as its connection is lost.
 *
 * The client library has a pool, but a connection that dies inside it can take the process along or hang what comes
 * after it (porsager/postgres 3.4.9, issues 1066, 1154, 1208: a write is put off to the next turn of the event loop
 * and meets no socket there; teardown leaves that timer set). Here nothing is ever sent on a connection after an
 * error that may have ended it, and a new client carries nothing of the old one's state. It also connects at once,
 * without the library's back-off, so an outage is not measured longer than it was.
 */
export class PostgresPool {
  readonly #connect: () => Sql
  readonly #size: number
  readonly #idle: Sql[] = []
  readonly #waiting = new Fifo<() => void>()
  #busy = 0
  #ended = false

  /** `connect` makes a client of one connection, which connects when it is first used. */
  constructor(connect: () => Sql, size: number) {
    this.#connect = connect
    this.#size = size
  }

  /**
   * Runs `body` on a connection of its own; waits for a free one, first come, first served. Rejects as `body` does,
   * and when no connection can be made.
   */
  async use<T>(body: (connection: ReservedSql) => Promise<T>): Promise<T> {
    if (this.#busy >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#busy++
    const client = this.#idle.pop() ?? this.#connect()
    let healthy = false
    try {
      const connection = await client.reserve()
      try {
        const result = await body(connection)
        healthy = true
        return result
      } catch (error) {
        healthy = !isConnectionLost(error)
        throw error
      } finally {
        // Releasing a dead connection would put it back among the living.
        if (healthy) connection.release()
      }
    } finally {
      this.#giveBack(client, healthy)
    }
  }

  /**
   * Makes every connection now and runs `exercise` on each: a connection is a process of the server's, which reads its
   * catalogue and plans a statement when it first meets it, and a load that begins while dozens of them do so would
   * measure that. A connection that can't be made now is made, or fails, when it is needed.
   */
  async warm(exercise: (connection: ReservedSql, number: number) => Promise<void>): Promise<void> {
    let missing = this.#size
    let open = () => {}
    const all = new Promise<void>((resolve) => {
      open = resolve
    })
    const one = () => {
      missing--
      if (missing === 0) open()
    }
    const warmOne = (number: number) =>
      this.use(async (connection) => {
        await exercise(connection, number)
        one()
        // Held until all are there, so that each is another.
        await all
      }).catch(one)
    await Promise.all(Array.from({ length: this.#size }, (_, number) => warmOne(number)))
  }

  async end(): Promise<void> {
    this.#ended = true
    await Promise.all(this.#idle.splice(0).map((client) => client.end({ timeout: 1 })))
  }

  #giveBack(client: Sql, healthy: boolean): void {
    if (healthy && !this.#ended) this.#idle.push(client)
    else void client.end({ timeout: 0 }).catch(() => undefined)
    // Whoever waits takes over the place, so `busy` stays as it is.
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy--
  }
}
