import { readFileSync } from 'node:fs'
import { UsageError } from '../runtime/usage-error.ts'

/** A certificate or a key. `named`: as the user named it, up to the file ("cert="). Throws `UsageError` when it can't be read or is no PEM file. */
export function readPemFile(named: string, file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${named}${file} can't be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`)
  }
  if (!text.includes('-----BEGIN ')) throw new UsageError(`${named}${file} is not a PEM file`, 'It must begin with -----BEGIN.')
  return text
}
