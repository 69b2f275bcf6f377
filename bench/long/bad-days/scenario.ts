import type { Stage } from './stage.ts'

/** One bad day: something goes wrong on a real server or a fake one, and what the program says of it must be true. */
export interface Scenario {
  /** As it is asked for: "killed-primary". */
  readonly name: string
  /** What a reader was told when it went wrong, in a sentence. */
  readonly seen: string
  play(stage: Stage): Promise<readonly Finding[]>
}

/** One thing that must be true, and what was seen. */
export interface Finding {
  readonly must: string
  readonly holds: boolean
  readonly seen: string
}

export function finding(must: string, holds: boolean, seen: unknown): Finding {
  return { must, holds, seen: typeof seen === 'string' ? seen : JSON.stringify(seen) }
}
