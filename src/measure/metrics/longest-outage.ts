import type { Cell } from '../run-result.ts'
import { nanosInWords } from '../words.ts'
import { exactly, type Figure, missing } from './figure.ts'

type OutageField = 'readUnavailableNanos' | 'writeUnavailableNanos' | 'serviceReadUnavailableNanos' | 'serviceWriteUnavailableNanos'

/** Over all faults of all blocks. What had not come back at the end of the load may have come back just after it: at least so long. */
export function longestOutage(cells: readonly Cell[], field: OutageField): Figure {
  let longest = 0
  let unended: string | undefined
  let faults = 0
  for (const cell of cells) {
    for (const recovery of cell.recovery) {
      const nanos = recovery[field]
      if (nanos === undefined) continue
      const soFar = nanos ?? Math.max(0, cell.durationNanos - recovery.startNanos)
      if (nanos === null) unended = `it had not come back when the run ended, ${nanosInWords(soFar)} after ${recovery.fault}`
      longest = Math.max(longest, soFar)
      faults++
    }
  }
  if (unended !== undefined) return { missing: unended, low: longest }
  if (faults === 0 && cells.some(({ recovery }) => recovery.length > 0)) return missing('the server was not probed')
  return faults === 0 ? exactly(0, 'no fault was injected') : exactly(longest)
}
