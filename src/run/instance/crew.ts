/**
 * The application instances that make a cell's load. Implementations: `in-process-crew.ts` (one instance on real
 * time, any number on virtual time) and `process-crew.ts` (each a child process, so that killing one is killing a
 * process).
 */
export interface Crew {
  /** Begins the load. `drained` is called once every instance has stopped and has nothing in flight, or was killed. */
  start(drained: () => void): void
  /** No operation begins after this. Idempotent. */
  stop(): void
  /** Ends an instance where it stands: none of its code runs again. Idempotent. */
  kill(instance: number): void
  readonly counts: CrewCounts
  /** Ends clients and processes. Idempotent. */
  close(): Promise<void>
}

export interface CrewCounts {
  readonly started: number
  readonly inFlight: number
  readonly censored: number
}
