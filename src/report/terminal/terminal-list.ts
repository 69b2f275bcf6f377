import { printable } from '../text/printable.ts'
import { createPaint } from './paint.ts'
import { wrapText } from './wrap-text.ts'

/** Lists with a heading each: names to the left, what they are beside them. Ends with a line end. */
export function terminalList(
  lists: Readonly<Record<string, readonly { readonly name: string; readonly summary: string }[]>>,
  options: { readonly colour: boolean; readonly columns: number },
): string {
  const paint = createPaint(options.colour)
  const width = Math.max(60, options.columns)
  const blocks = Object.entries(lists).map(([kind, entries]) => {
    const nameWidth = Math.max(...entries.map(({ name }) => name.length))
    const indent = ' '.repeat(nameWidth + 4)
    const lines = entries.map(({ name, summary }) => {
      const text = wrapText(printable(summary), width, indent).slice(indent.length)
      return `  ${printable(name).padEnd(nameWidth)}  ${text}`.trimEnd()
    })
    return [paint.bold(kind), ...lines].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}
