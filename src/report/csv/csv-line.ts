/**
 * One line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets a quote in front, so that a key
 * or a target's name can't run anything there; control characters, which drive a terminal, are shown as \ufffd.
 */
export function csvLine(fields: readonly (string | number | null | undefined)[]): string {
  return fields.map(field).join(',')
}

function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  const text = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd')
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
