import { digits } from '../../measure/words.ts'

/** A place on a cell's axis of time, always in seconds: "0 s", "12.3 s". */
export function secondsInWords(nanos: number): string {
  return `${digits(nanos / 1e9)} s`
}
