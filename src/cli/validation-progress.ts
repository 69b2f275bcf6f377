import { plural } from '../measure/words.ts'
import { printable } from '../report/text/printable.ts'
import type { ValidationObserver } from '../validate/validation.ts'
import type { ProgressOptions } from './live-progress.ts'
import { RedrawnLine } from './redrawn-line.ts'

const REDRAW_EVERY = 5

/** A person at a terminal sees which property is run and how far it is; a pipe gets a line a property. Idempotent at its end. */
export function createValidationProgress({ output, quiet, live }: ProgressOptions): ValidationObserver & { ended(): void } {
  const line = new RedrawnLine(output)
  let properties = 0
  let position = 0
  return {
    began(facts) {
      properties = facts.properties
      if (quiet) return
      const { label, engine, version } = facts.target
      line.line(
        printable(`${label} is ${engine} ${version}; ${plural(properties, 'property', 'properties')} against ${facts.profile}, seed ${facts.seed}`),
      )
    },
    propertyBegan(id) {
      position++
      if (quiet) return
      if (live) line.draw(`[${position}/${properties}] ${printable(id)}`)
      else line.line(`[${position}/${properties}] ${printable(id)}`)
    },
    progress(id, sequences) {
      if (quiet || !live || sequences % REDRAW_EVERY !== 0) return
      line.draw(`[${position}/${properties}] ${printable(id)}  ${sequences} sequences`)
    },
    propertyEnded() {
      line.clear()
    },
    note(text) {
      if (!quiet) line.line(`note: ${printable(text)}`)
    },
    ended() {
      line.clear()
    },
  }
}
