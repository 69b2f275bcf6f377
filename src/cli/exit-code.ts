/** What a pipeline reads. Documented in the README. */
export const EXIT = {
  /** All expectations hold. */
  ok: 0,
  /** An expectation, property or gate failed. */
  failed: 1,
  /** Usage or workload file. */
  usage: 2,
  /** The target (or the database) could not be reached or used. */
  target: 3,
  /** Nothing failed, but a verdict could not be reached. */
  inconclusive: 4,
  /** A mistake of cacheproof's own. */
  internal: 70,
  /** Ctrl-C: what was measured until then is written. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
