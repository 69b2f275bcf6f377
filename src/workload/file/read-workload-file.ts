import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { type ParsedWorkload, parseWorkload } from './parse-workload.ts'
import { LARGEST_FILE_CHARACTERS } from './parse-yaml-mapping.ts'
import type { SpecError } from './spec-error.ts'
import type { SpecRegistry } from './spec-registry.ts'

const WORKLOAD = 'a workload file in YAML'

/** Reads and parses a workload file. A file over 1 MiB is refused by its size, without being read. */
export function readWorkloadFile(path: string, registry: SpecRegistry): ParsedWorkload {
  const read = readSpecText(path)
  return read.ok ? parseWorkload(read.text, path, registry) : { ok: false, errors: [read.error] }
}

/** `is`: what is expected, for messages. */
export function readSpecText(
  path: string,
  is = WORKLOAD,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: SpecError } {
  const refuse = (message: string, expected: string): { readonly ok: false; readonly error: SpecError } => ({
    ok: false,
    error: { source: path, path: '', message, expected, frame: [] },
  })
  let descriptor: number | undefined
  try {
    // Without blocking: opening a named pipe would wait for its writer.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const status = fstatSync(descriptor)
    if (status.isDirectory()) return refuse('this is a folder', is)
    // A pipe has no size to check; everything else that is no plain file (a device) may never end.
    if (!status.isFile()) return refuse('this is no plain file', is)
    if (status.size > LARGEST_FILE_CHARACTERS) return refuse(`the file has ${status.size} bytes`, 'at most 1 MiB (1048576 bytes) of YAML')
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor)) }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return refuse('there is no such file', is === WORKLOAD ? `${is}, or the name of a built-in workload` : is)
    if (code === 'EACCES' || code === 'EPERM') return refuse('the file may not be read', 'a file you have the right to read')
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return refuse('the file is not text in UTF-8', is)
    return refuse(`the file can not be read (${code ?? 'unknown error'})`, is)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
