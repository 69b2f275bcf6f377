import type { WireTotals } from '../../check/measure-wire.ts'

export const NO_WIRE: WireTotals = { bytesOut: 0, bytesIn: 0, storedBytes: 0 }

export function addWire(parts: readonly WireTotals[]): WireTotals {
  const sum = { bytesOut: 0, bytesIn: 0, storedBytes: 0 }
  for (const part of parts) {
    sum.bytesOut += part.bytesOut
    sum.bytesIn += part.bytesIn
    sum.storedBytes += part.storedBytes
  }
  return sum
}

export type { WireTotals }
