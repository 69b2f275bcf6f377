import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ShellStep, shellStep } from './shell-step.ts'

export interface StartedTree {
  readonly install: ShellStep
  /** Absent when the installation failed. */
  readonly start?: ShellStep
  /** The report's page is there and run.json says that the run is whole. */
  readonly reported: boolean
}

/** Of a run that ended by itself (README, "Exit codes"): expected things hold, one does not, or one can't be told. */
export const ENDED_CODES: readonly (number | null)[] = [0, 1, 4]

/**
 * What somebody does who got the sources and trusts no scripts: installs without running any, then `npm start`, which
 * has to build by itself.
 */
export async function installAndStart(tree: string, args: readonly string[]): Promise<StartedTree> {
  const flags = ['--ignore-scripts', '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund']
  // npm's own patience with a registry that is not there is more than a minute.
  flags.push('--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000')
  const install = await shellStep(tree, 'npm', ['ci', ...flags])
  if (install.code !== 0) return { install, reported: false }
  const folder = join('reports', 'installed')
  const start = await shellStep(tree, 'npm', ['start', '--', ...args, '--out', folder])
  return { install, start, reported: isReported(join(tree, folder)) }
}

function isReported(folder: string): boolean {
  if (!existsSync(join(folder, 'index.html')) || !existsSync(join(folder, 'run.json'))) return false
  const { status } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { readonly status?: string }
  return status === 'complete' && readFileSync(join(folder, 'index.html'), 'utf8').includes('</html>')
}
