/** Files that are mutated in one go. What was done of a run that is stopped is whole steps. */
export interface MutantStep {
  /** The same as long as its files are. */
  readonly name: string
  readonly files: readonly string[]
}

/** Small enough that little is lost when a run is stopped, large enough that starting the tests is a small part of it. */
const LINES_A_STEP = 120

export function stepsOf(room: string, files: readonly { readonly path: string; readonly lines: number }[], linesAStep = LINES_A_STEP): MutantStep[] {
  const steps: string[][] = []
  let left = 0
  for (const { path, lines } of files) {
    if (steps.length === 0 || lines > left) {
      steps.push([])
      left = linesAStep
    }
    steps.at(-1)!.push(path)
    left -= lines
  }
  return steps.map((paths) => ({ name: `${room}: ${paths[0]}${paths.length > 1 ? ` to ${paths.at(-1)}` : ''}`, files: paths }))
}
