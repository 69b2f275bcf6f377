import type { Nanos } from '../../runtime/runtime.ts'

const ROUND_TRIPS = 21

/** Median round trip of an idle connection, one request at a time. */
export async function medianRoundTripNanos(ask: () => Promise<unknown>): Promise<Nanos> {
  const times: number[] = []
  for (let index = 0; index < ROUND_TRIPS; index++) {
    const begun = process.hrtime.bigint()
    await ask()
    times.push(Number(process.hrtime.bigint() - begun))
  }
  return times.sort((a, b) => a - b)[ROUND_TRIPS >> 1]!
}
