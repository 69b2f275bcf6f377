import { instantInWords } from '../measure/words.ts'

/** What the application did with one key, as operations on a register: judged by what orders its values. */
export interface KeyRegister {
  readonly operations: number
  /** Reads that began after a write was over: those that could have returned something else than they should. */
  readonly observations: number
  read(read: RegisterCall): void
  /** `endNanos` Infinity: of unknown outcome. `value` NaN: and of unknown value. */
  write(write: RegisterCall): void
  /** Once, after the last operation. */
  finish(): RegisterVerdict
}

export interface RegisterCall {
  readonly op: number
  /** Written or returned. */
  readonly value: number
  readonly startNanos: number
  readonly endNanos: number
}

/** `conflict`: one step a line. `ambiguous`: values repeat, so that it can't be told by them. */
export type RegisterVerdict =
  | { readonly kind: 'linearizable' }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'conflict'; readonly steps: readonly string[] }

/** "t=1.000 ms .. t=2.000 ms  operation 7: write key 3 of version 2" */
export function callInWords(key: number, kind: 'read' | 'write', { op, value, startNanos, endNanos }: RegisterCall): string {
  const end = endNanos === Number.POSITIVE_INFINITY ? 'end unknown' : instantInWords(endNanos)
  const what = kind === 'write' ? `of version ${value}` : value === 0 ? '-> no row' : `-> version ${value}`
  return `${instantInWords(startNanos)} .. ${end}  operation ${op}: ${kind} key ${key} ${what}`
}
