/** A block of a Markdown document between three backquotes. */
export interface FencedBlock {
  /** "sh", "ts", "yaml", "diff". */
  readonly language: string
  /** The rest of the opening line: the file it stands for; empty when it stands for none. */
  readonly file: string
  readonly text: string
  /** Of the opening line. */
  readonly line: number
}

export function fencedBlocks(markdown: string): readonly FencedBlock[] {
  const blocks: FencedBlock[] = []
  const fence = /^```(\w*)(?: (\S+))?\n([\s\S]*?)^```$/gm
  for (const match of markdown.matchAll(fence)) {
    const line = markdown.slice(0, match.index).split('\n').length
    blocks.push({ language: match[1] ?? '', file: match[2] ?? '', text: match[3] ?? '', line })
  }
  return blocks
}

/**
 * Applies the hunks of a recipe, parted by "@@": lines that begin with a blank or "-" must be in the text together and
 * once, those that begin with a blank or "+" take their place. The first and the last may be parts of a line. Throws
 * with the hunk that does not fit: then the recipe is out of date.
 */
export function applyHunks(text: string, diff: string, name: string): string {
  let result = text
  for (const hunk of diff.split(/^@@\n/m)) {
    const lines = hunk.replace(/\n$/, '').split('\n')
    const side = (mark: string) =>
      lines
        .filter((line) => line[0] === ' ' || line[0] === mark)
        .map((line) => line.slice(1))
        .join('\n')
    const before = side('-')
    const found = result.split(before).length - 1
    if (before === '' || found !== 1) throw new Error(`${name}: this is in it ${found} times instead of once:\n${before}`)
    result = result.replace(before, () => side('+'))
  }
  return result
}
