import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../make-folder.ts'

/** A file that is written bit by bit and appears under its name only when it is whole. Everything throws what the file system throws. */
export interface WholeFile {
  write(bytes: Uint8Array): void
  /** Puts the file in its place. */
  finish(): void
  /** Removes what was written so far. Never throws. */
  discard(): void
}

export function createWholeFile(path: string): WholeFile {
  makeFolder(dirname(path))
  const temporary = `${path}.part`
  const file = openSync(temporary, 'w')
  let open = true
  const close = () => {
    if (open) closeSync(file)
    open = false
  }
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    },
    finish() {
      close()
      renameSync(temporary, path)
    },
    discard() {
      close()
      rmSync(temporary, { force: true })
    },
  }
}
