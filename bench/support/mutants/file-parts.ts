/** Lines of a file that are mutated in one go; both count from 1 and belong to it. */
export interface FilePart {
  readonly path: string
  readonly fromLine: number
  readonly toLine: number
}

/**
 * A file in parts of about `lines`: cut where a declaration or a member of a class has ended, because what reaches across a
 * cut would be mutated in neither part.
 */
export function filePartsOf(path: string, source: string, lines: number): FilePart[] {
  const all = source.split('\n')
  const parts: FilePart[] = []
  let fromLine = 1
  let isInClass = false
  for (const [index, line] of all.entries()) {
    if (/^\S/.test(line)) isInClass = /\bclass\b.*\{$/.test(line)
    const ends = line === '}' || (isInClass && line === '  }')
    if (!ends || index + 2 - fromLine < lines || all.length - 1 - index < lines / 2) continue
    parts.push({ path, fromLine, toLine: index + 1 })
    fromLine = index + 2
  }
  parts.push({ path, fromLine, toLine: all.length })
  return parts
}
