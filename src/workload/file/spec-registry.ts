import type { PatternDefinition } from '../pattern.ts'

/**
 * What names may stand in a workload file. Handed in, because the faults live in a room above this one and tests
 * bring patterns of their own.
 */
export interface SpecRegistry {
  readonly patterns: readonly SpecPattern[]
  readonly faults: readonly SpecFault[]
}

/** What the parser needs to know of a pattern: `PatternDefinition` and `MixDefinition` fit as they are. */
export type SpecPattern = Pick<PatternDefinition, 'name' | 'summary' | 'settings' | 'usesDatabase' | 'classes'> & {
  /** A synchronous program for raw load: its history is off unless asked for. */
  readonly kind?: 'pattern' | 'mix'
}

/** A `Fault` fits as it is. */
export interface SpecFault {
  readonly name: string
  readonly summary: string
}
