import type { Command } from '../../protocol/command.ts'

/** A command as it is measured: on keys of our own, prepared so that it does its usual work every time. */
export interface CommandSample {
  /** What it does: samples of both families with the same one are compared. */
  readonly does: string
  /** "GET", "mg" */
  readonly name: string
  /** Sent once for each target before the measuring. */
  prepare?(prefix: string): readonly Command[]
  /** The `index`-th request. */
  command(prefix: string, index: number): Command
}

/** A small object as applications keep it: 100 bytes. */
export const VALUE = 'v'.repeat(100)
/** Values stay the same size however often a command is sent. */
export const KEYS = 100
