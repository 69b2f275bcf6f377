import { readdirSync, readFileSync } from 'node:fs'

/** Processes whose temporary folder is this one: what a command of ours has started, however it calls itself, and its reaper. */
export function processesOf(temporary: string): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`TMPDIR=${temporary}`) ? [Number(name)] : []
    } catch {
      // Gone meanwhile.
      return []
    }
  })
}
