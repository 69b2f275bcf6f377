import type { Client } from '../../target/client.ts'
import type { Crew, CrewCounts } from './crew.ts'
import type { Instance } from './instance.ts'

/** A crew in this process: one instance on real time, any number on virtual time. */
export class InProcessCrew implements Crew {
  readonly #members: readonly Member[]
  readonly #killed = new Set<number>()
  #waiting = 0

  constructor(members: readonly Member[]) {
    this.#members = members
  }

  start(drained: () => void): void {
    this.#waiting = this.#members.length
    for (const { instance } of this.#members) {
      instance.start(() => {
        this.#waiting--
        if (this.#waiting === 0) drained()
      })
    }
  }

  stop(): void {
    for (const { instance } of this.#members) instance.stop()
  }

  kill(number: number): void {
    const member = this.#members[number]
    if (!member || this.#killed.has(number)) return
    this.#killed.add(number)
    member.instance.kill()
    void member.client?.close()
  }

  get counts(): CrewCounts {
    const counts = { started: 0, inFlight: 0, censored: 0 }
    for (const { instance } of this.#members) {
      counts.started += instance.loop?.started ?? 0
      counts.inFlight += instance.loop?.inFlight ?? 0
      counts.censored += instance.loop?.censored ?? 0
    }
    return counts
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(({ client }) => client?.close()))
  }
}

export interface Member {
  readonly instance: Instance
  readonly client: Client | undefined
}
