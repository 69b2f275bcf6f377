import type { Mutant, MutantStatus } from './mutant.ts'

interface Position {
  readonly line: number
  readonly column: number
}

/** What we read of a report in the mutation-testing-elements schema; lines and columns count from 1, an end is exclusive. */
export interface MutationReport {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string
        readonly mutants: readonly {
          readonly location: { readonly start: Position; readonly end: Position }
          readonly mutatorName: string
          readonly replacement?: string
          readonly status: MutantStatus
        }[]
      }
    >
  >
}

export function mutantsOfReport({ files }: MutationReport): Mutant[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n')
    return mutants.map(({ location, mutatorName, replacement = '', status }): Mutant => {
      const original = textBetween(lines, location.start, location.end)
      return { file, line: location.start.line, mutator: mutatorName, original, replacement, status }
    })
  })
}

function textBetween(lines: readonly string[], start: Position, end: Position): string {
  const cut = lines.slice(start.line - 1, end.line)
  cut[cut.length - 1] = cut.at(-1)!.slice(0, end.column - 1)
  cut[0] = cut[0]!.slice(start.column - 1)
  return cut.join('\n')
}
