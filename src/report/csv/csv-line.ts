/**
 * One line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets a quote in front, so that a key
 * or a target's name can't run anything there.
 */
export function csvLine(fields: readonly (string | number | null | undefined)[]): string {
  return fields.map(field).join(',')
}

function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
