import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file whole or not at all: beside it first, then renamed into place, so that a reader never sees half of one
 * and a full disk leaves none. Throws what the system says.
 */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.part`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
