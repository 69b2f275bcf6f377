import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { forgetStaticSurvivors, type KnownMutants } from './forget-static-survivors.ts'
import type { Mutant } from './mutant.ts'
import { type MutationReport, mutantsOfReport } from './mutants-of-report.ts'
import type { MutantRoom } from './rooms.ts'
import { STRINGS } from './rooms.ts'
import type { MutantStep } from './steps-of.ts'
import { TESTS_VARIABLE } from './tests-variable.ts'

/** Ignored by Git and so by every gate: the copies that are mutated, which a killed run may leave, and what is known already. */
const FOLDER = '.mutants'
const COPIES = `${FOLDER}/copies`

export interface StrykerOptions {
  readonly root: string
  readonly room: Pick<MutantRoom, 'strings'>
  readonly tests: readonly string[]
  readonly concurrency: number
  /** Runs every mutant again, also those whose file and tests have not changed since. */
  readonly fresh: boolean
}

/**
 * Mutates the files of a step in a copy of the tree and gives what became of each mutant. What was found out before stands
 * in a report a step and is taken from there where neither file nor tests have changed (Stryker looks at no other file).
 */
export async function runStryker({ name, parts }: MutantStep, { root, room, tests, concurrency, fresh }: StrykerOptions): Promise<Mutant[]> {
  const { Stryker } = await import('@stryker-mutator/core')
  const report = join(FOLDER, 'reports', `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.json`)
  mkdirSync(join(root, FOLDER, 'reports'), { recursive: true })
  const known = join(root, report)
  if (existsSync(known)) writeFileSync(known, JSON.stringify(forgetStaticSurvivors(JSON.parse(readFileSync(known, 'utf8')) as KnownMutants)))
  // Of a run that was killed.
  rmSync(join(root, COPIES), { recursive: true, force: true })
  process.env[TESTS_VARIABLE] = JSON.stringify(tests)
  await new Stryker({
    mutate: parts.map(({ path, fromLine, toLine }) => `${path}:${fromLine}-${toLine}`),
    testRunner: 'vitest',
    plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
    // Of the room's tests those that import the file: each mutant starts them anew.
    vitest: { configFile: 'bench/support/mutants/vitest.config.ts', related: true },
    coverageAnalysis: 'perTest',
    mutator: { excludedMutations: room.strings ? [] : [STRINGS] },
    incremental: true,
    incrementalFile: report,
    force: fresh,
    concurrency,
    // A busy machine is no mutant that never ends.
    timeoutMS: 10_000,
    tempDirName: COPIES,
    cleanTempDir: 'always',
    ignorePatterns: ['/dist', '/reports', '/bench/results', `/${FOLDER}`],
    disableTypeChecks: false,
    reporters: ['progress-append-only'],
    logLevel: 'warn',
    // What is made when a module is loaded takes longest to try, and is tried all the same.
    warnings: { unknownOptions: true, preprocessorErrors: true, unserializableOptions: true, slow: false },
    allowConsoleColors: false,
  } as ConstructorParameters<typeof Stryker>[0]).runMutationTest()
  if (!existsSync(known)) throw new Error(`Stryker wrote no report of ${name}`)
  const all = mutantsOfReport(JSON.parse(readFileSync(known, 'utf8')) as MutationReport)
  // What it found out of a part that began elsewhere before the file was changed is in there, too.
  return all.filter(({ file, line }) => parts.some(({ path, fromLine, toLine }) => path === file && line >= fromLine && line <= toLine))
}
