import { countInWords, nanosInWords } from '../../measure/words.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { TakeOver } from '../instance/crew.ts'

/** What is known of the kill of an instance. */
export interface KillNote {
  readonly instance: number
  readonly startNanos: Nanos
  /** Once it is decided. */
  readonly takeOver?: TakeOver
  /** Operations that it began, or was to begin, and that stand in no figure: nobody wrote down what became of them. */
  readonly uncounted?: number
}

/** The detail of the event: who died, who took over and from when, and what is in no figure. */
export function killInWords({ instance, takeOver, uncounted = 0 }: KillNote): string {
  const parts = [`application instance ${instance}`]
  if (takeOver && takeOver.heirs.length === 0) parts.push('nobody is left to take over')
  else if (takeOver) {
    const { heirs, fromIndex, fromNanos } = takeOver
    const who = heirs.length === 1 ? `instance ${heirs[0]} takes over` : `instances ${heirs.slice(0, -1).join(', ')} and ${heirs.at(-1)} take over`
    parts.push(`${who} from operation ${countInWords(fromIndex)} on, at ${nanosInWords(fromNanos)}`)
  }
  if (uncounted > 0) parts.push(`up to ${countInWords(uncounted)} of its operations are in no figure`)
  return parts.join('; ')
}
