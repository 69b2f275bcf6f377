import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ENDED_CODES, installAndStart } from '../support/install-and-start.ts'
import { type ShellStep, shellStep } from '../support/shell-step.ts'

/**
 * The bar: from a clone of the last commit, `npm ci --ignore-scripts --omit=optional` and `npm start` end with a report;
 * the packed package, installed with npm into an empty folder, says its version and runs.
 */
export async function run({ progress }: { progress: (state: unknown, line?: string) => void }) {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-install-'))
  const steps: { readonly step: string; readonly seconds: number; readonly code: number | null }[] = []
  const note = (step: ShellStep, allowed: readonly (number | null)[] = [0]): boolean => {
    const command = step.command.replaceAll(folder, '')
    steps.push({ step: command, seconds: Number(step.seconds.toFixed(1)), code: step.code })
    progress({}, `${command}: exit ${step.code} after ${step.seconds.toFixed(1)} s`)
    const ok = allowed.includes(step.code)
    if (!ok) progress({}, step.output.slice(-4_000))
    return ok
  }
  try {
    const fromSources = await startClone(folder, note)
    return { ok: (await usePackage(folder, note)) && fromSources.ok, commit: fromSources.commit, steps, run: fromSources.run }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Note = (step: ShellStep, allowed?: readonly (number | null)[]) => boolean

async function clone(folder: string, name: string): Promise<string> {
  const { code, output } = await shellStep(folder, 'git', ['clone', '--quiet', '--local', process.cwd(), name])
  if (code !== 0) throw new Error(`the checkout could not be cloned: ${output}`)
  return join(folder, name)
}

async function startClone(folder: string, note: Note) {
  const tree = await clone(folder, 'sources')
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: tree, encoding: 'utf8' }).trim()
  const { install, start, reported } = await installAndStart(tree, [])
  const ok = note(install) && start !== undefined && note(start, ENDED_CODES) && reported
  return { ok, commit, run: reported ? figuresOf(join(tree, 'reports', 'installed', 'run.json')) : undefined }
}

/** What the run of a whole `npm start` came to. */
function figuresOf(file: string) {
  const { cells, verdicts } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly cells: readonly { readonly audit: { readonly generatorLimited: boolean } }[]
    readonly verdicts: readonly { readonly outcome: string }[]
  }
  const verdictsByOutcome: Record<string, number> = {}
  for (const { outcome } of verdicts) verdictsByOutcome[outcome] = (verdictsByOutcome[outcome] ?? 0) + 1
  return { cells: cells.length, generatorLimitedCells: cells.filter(({ audit }) => audit.generatorLimited).length, verdictsByOutcome }
}

async function usePackage(folder: string, note: Note): Promise<boolean> {
  const tree = await clone(folder, 'packed')
  // With scripts: `prepare` builds.
  if (!note(await shellStep(tree, 'npm', ['ci', '--no-audit', '--no-fund']))) return false
  if (!note(await shellStep(tree, 'npm', ['pack', '--pack-destination', folder]))) return false
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  const project = join(folder, 'project')
  mkdirSync(project)
  const run = ['cacheproof', 'run', 'cache-aside', '--target', 'engine:redis', '--virtual', '--seed', '7', '--duration', '2s']
  const version = await inProject(
    ['npm', 'init', '-y'],
    ['npm', 'install', `../${tarball}`, '--no-audit', '--no-fund'],
    ['npx', 'cacheproof', '--version'],
  )
  if (version === undefined) return false
  const { version: expected } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as { readonly version: string }
  return version.output.trim() === expected && note(await shellStep(project, 'npx', run), ENDED_CODES)

  /** One after the other; the last, or undefined when one of them failed. */
  async function inProject(...commands: readonly (readonly [string, ...string[]])[]): Promise<ShellStep | undefined> {
    let last: ShellStep | undefined
    for (const [program, ...args] of commands) {
      last = await shellStep(project, program, args)
      if (!note(last)) return undefined
    }
    return last
  }
}
