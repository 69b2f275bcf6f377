import { type FilePart, filePartsOf } from './file-parts.ts'

/** What is mutated in one go. What was done of a run that is stopped is whole steps. */
export interface MutantStep {
  /** The same as long as its files and their number of parts are. */
  readonly name: string
  readonly parts: readonly FilePart[]
}

/** Small enough that little is lost when a run is stopped, large enough that starting the tests is a small part of it. */
const LINES_A_STEP = 80

export function stepsOf(room: string, files: readonly { readonly path: string; readonly source: string }[], linesAStep = LINES_A_STEP): MutantStep[] {
  const steps: { names: string[]; parts: FilePart[] }[] = []
  let left = 0
  for (const { path, source } of files) {
    const parts = filePartsOf(path, source, linesAStep)
    for (const [index, part] of parts.entries()) {
      const lines = part.toLine - part.fromLine + 1
      if (steps.length === 0 || lines > left) {
        steps.push({ names: [], parts: [] })
        left = linesAStep
      }
      steps.at(-1)!.names.push(parts.length === 1 ? path : `${path} (${index + 1} of ${parts.length})`)
      steps.at(-1)!.parts.push(part)
      left -= lines
    }
  }
  return steps.map(({ names, parts }) => ({ name: `${room}: ${names[0]}${names.length > 1 ? ` to ${names.at(-1)}` : ''}`, parts }))
}
