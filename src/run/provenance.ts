import { readFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import type { RunResult } from '../measure/run-result.ts'

/** Name and version of this program, from its own package.json. */
export function toolIdentity(): RunResult['tool'] {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { name?: string; version?: string }
      if (name === 'cacheproof' && version) return { name, version }
    } catch {
      // The other depth: sources stand one level higher than what is built from them.
    }
  }
  return { name: 'cacheproof', version: 'unknown' }
}

/** The machine that made the load. */
export function hostFacts(): NonNullable<RunResult['host']> {
  const processors = cpus()
  return {
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpus: `${processors.length} x ${processors[0]?.model.trim() || 'unknown'}`,
    memoryBytes: totalmem(),
    clock: 'process.hrtime (monotonic, nanoseconds)',
  }
}
