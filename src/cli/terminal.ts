interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** A person watches, at a terminal that can redraw a line. */
export function isLive(stream: Stream): boolean {
  return stream.isTTY === true && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb'
}

/** How text is laid out: colours only at a terminal and where they are welcome (https://no-color.org). */
export function textOptions(stream: Stream): { readonly colour: boolean; readonly columns: number } {
  return { colour: stream.isTTY === true && !process.env['NO_COLOR'], columns: stream.columns || 100 }
}
