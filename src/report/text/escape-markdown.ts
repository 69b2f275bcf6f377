import { printable } from './printable.ts'

/**
 * Text from outside in Markdown (GitHub's), also in a table's cell: on one line, every character that could mean
 * something behind a backslash, markup as entities, and nothing that would notify a person (@) or link (http, #1).
 */
export function escapeMarkdown(text: string): string {
  return (
    printable(text.replace(/\s+/g, ' '))
      .replace(/[\\`*_{}[\]#|~]/g, '\\$&')
      // What would begin a list, a heading or a rule at the start of a line.
      .replace(/^[-+=]/, '\\$&')
      .replace(/^(\d+)([.)])/, '$1\\$2')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/@/g, '&#64;')
      .replace(/:\/\//g, '&#58;//')
      .replace(/www\./gi, (match) => `${match.slice(0, 3)}&#46;`)
  )
}

/** Text from outside as code on one line: between more backticks than it has in a row; a `|` is kept from ending a cell. */
export function markdownCode(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ')).replace(/\|/g, '\\|')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${longest > 0 ? ` ${line} ` : line}${fence}`
}
