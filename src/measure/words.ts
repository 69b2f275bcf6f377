import { MICROSECOND, MILLISECOND, SECOND } from '../runtime/runtime.ts'

/** A duration for a sentence: three significant digits and the unit that fits. */
export function nanosInWords(nanos: number): string {
  const size = Math.abs(nanos)
  if (size >= SECOND) return `${digits(nanos / SECOND)} s`
  if (size >= MILLISECOND) return `${digits(nanos / MILLISECOND)} ms`
  if (size >= MICROSECOND) return `${digits(nanos / MICROSECOND)} us`
  return size === 0 ? '0 s' : `${digits(nanos)} ns`
}

/** An instant on the run's axis: milliseconds since the beginning, to the microsecond. */
export function instantInWords(nanos: number): string {
  return `t=${(nanos / MILLISECOND).toFixed(3)} ms`
}

/** A share of one: "93.4 %", with enough digits that a small share does not read as none. */
export function shareInWords(share: number): string {
  const percent = share * 100
  if (percent === 0 || percent === 100) return `${percent} %`
  if (Math.abs(percent) < 0.01) return `${Number(percent.toPrecision(2))} %`
  return `${Number(percent.toFixed(Math.abs(percent) < 1 ? 3 : 1))} %`
}

/** A count with thousands marked: "1,234,567". */
export function countInWords(count: number): string {
  const text = String(Number.isInteger(count) ? count : Number(count.toFixed(2)))
  const [whole = '', fraction] = text.split('.')
  const marked = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? marked : `${marked}.${fraction}`
}

/** "1 read", "2,000 reads". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countInWords(count)} ${count === 1 ? one : many}`
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  return String(Number(value.toPrecision(3)))
}

/** "3.2 MB", powers of ten. */
export function bytesInWords(bytes: number): string {
  if (bytes >= 1e9) return `${digits(bytes / 1e9)} GB`
  if (bytes >= 1e6) return `${digits(bytes / 1e6)} MB`
  if (bytes >= 1e3) return `${digits(bytes / 1e3)} kB`
  return `${digits(bytes)} B`
}

/** "1,240/s"; three significant digits below 1000. */
export function rateInWords(perSecond: number): string {
  return `${Math.abs(perSecond) >= 1000 ? countInWords(Math.round(perSecond)) : digits(perSecond)}/s`
}
