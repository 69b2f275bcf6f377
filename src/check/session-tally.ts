import type { Sessions } from '../measure/run-result.ts'
import { instantInWords } from '../measure/words.ts'
import type { Incident } from './checker.ts'

export interface SessionIncident extends Incident {
  readonly kind: 'lost session' | 'lost update' | 'resurrected session' | 'served after expiry'
  readonly session: number
  /** Served after expiry: by how much. Else 0. */
  readonly latenessNanos: number
  /** The operation that shows it. */
  readonly op: number
  readonly what: string
}

const MAX_EXAMPLES = 5

/** What became of the sessions of a whole history. */
export class SessionTally {
  readsOfLiving = 0
  readsAfterUpdate = 0
  readsAfterLogout = 0
  readsAfterExpiry = 0
  readsAfterServerLoss = 0
  foundAfterServerLoss = 0
  readonly #shared = {
    sharedReads: 0,
    sharedReadsLost: 0,
    sharedReadsBeforeFaults: 0,
    sharedReadsLostBeforeFaults: 0,
    orphanReads: 0,
    orphanReadsLost: 0,
  }
  readonly #incidents: SessionIncident[] = []

  /** A read that had to find the session. */
  hadToFind({ shared, undisturbed, orphan }: { readonly shared: boolean; readonly undisturbed: boolean; readonly orphan: boolean }): void {
    if (shared) this.#shared.sharedReads++
    if (undisturbed) this.#shared.sharedReadsBeforeFaults++
    if (orphan) this.#shared.orphanReads++
  }

  /** One that did not, or not all of it. */
  missed({ shared, undisturbed, orphan }: { readonly shared: boolean; readonly undisturbed: boolean; readonly orphan: boolean }): void {
    if (shared) this.#shared.sharedReadsLost++
    if (undisturbed) this.#shared.sharedReadsLostBeforeFaults++
    if (orphan) this.#shared.orphanReadsLost++
  }

  incident(incident: SessionIncident): void {
    this.#incidents.push(incident)
  }

  /** In order of time. */
  incidents(): readonly SessionIncident[] {
    return this.#incidents.sort((a, b) => a.atNanos - b.atNanos || a.session - b.session)
  }

  measures(operations: Pick<Sessions, 'logins' | 'loginsAcknowledged' | 'logouts'>): Sessions {
    const incidents = this.incidents()
    const count = (kind: SessionIncident['kind']) => incidents.reduce((sum, incident) => sum + (incident.kind === kind ? 1 : 0), 0)
    const { readsOfLiving, readsAfterUpdate, readsAfterLogout, readsAfterExpiry, readsAfterServerLoss, foundAfterServerLoss } = this
    return {
      ...operations,
      lostSessions: count('lost session'),
      lostUpdates: count('lost update'),
      resurrectedSessions: count('resurrected session'),
      servedAfterExpiry: count('served after expiry'),
      worstLatenessNanos: incidents.reduce((worst, incident) => Math.max(worst, incident.latenessNanos), 0),
      ...this.#shared,
      readsOfLiving,
      readsAfterUpdate,
      readsAfterLogout,
      readsAfterExpiry,
      readsAfterServerLoss,
      foundAfterServerLoss,
      examples: examplesOf(incidents),
    }
  }
}

/** The first few of any kind, or, `kind`, of one. */
export function examplesOf(incidents: readonly SessionIncident[], kind?: SessionIncident['kind']): string[] {
  const examples: string[] = []
  for (const incident of incidents) {
    if (examples.length === MAX_EXAMPLES) break
    if (kind !== undefined && incident.kind !== kind) continue
    examples.push(`session ${incident.session}: operation ${incident.op} (${instantInWords(incident.atNanos)}) ${incident.what}`)
  }
  return examples
}
