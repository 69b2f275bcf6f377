/** Colours of a terminal, or none. Meaning never rests on them: every mark has its word. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
  warn(text: string): string
}

export function createPaint(colour: boolean): Paint {
  const style = (open: number, close: number) => (text: string) => (colour ? `\x1b[${open}m${text}\x1b[${close}m` : text)
  return { bold: style(1, 22), dim: style(2, 22), good: style(32, 39), bad: style(31, 39), warn: style(33, 39) }
}
