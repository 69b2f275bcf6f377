import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { ALLOWED_SURVIVORS } from '../support/mutants/allowed-survivors.ts'
import { judgeRoom, type RoomJudgement } from '../support/mutants/judge-room.ts'
import { mergeRooms } from '../support/mutants/merge-rooms.ts'
import { addTallies, type MutantTally, tallyMutants } from '../support/mutants/mutant.ts'
import { type MutantRoom, ROOMS, roomNamed, sourcesOf, testsOf } from '../support/mutants/rooms.ts'
import { runStryker } from '../support/mutants/run-stryker.ts'
import { stepsOf } from '../support/mutants/steps-of.ts'

type Done = Readonly<Record<string, MutantTally>>

/** One room as it was last measured. */
type MeasuredRoom = RoomJudgement & { readonly date: string; readonly machine: unknown; readonly seconds: number }

export interface MutantsOptions {
  /** The room, or a path below src; all rooms that have a bar unless told. */
  readonly subject?: string
  /** Copies that are tested at once. */
  readonly concurrency?: number
  /** 1: tests every mutant again. */
  readonly fresh?: number
  readonly root: string
  readonly machine: unknown
  readonly resume?: Done | undefined
  progress(done: Done, line?: string): void
}

/** What `npm run long` may be told without a flag. */
export const subject = 'ROOM'

/**
 * The bar: of the faults that are planted in a room, four of five are noticed by its tests. `npm run long -- mutants [ROOM]
 * [--concurrency N] [--fresh 1]`; a room takes minutes, and little where not much has changed.
 */
export async function run({ subject: name, concurrency = 1, fresh = 0, root, machine, resume = {}, progress }: MutantsOptions) {
  const rooms = name === undefined ? ROOMS.filter(({ barPercent }) => barPercent !== undefined) : [roomNamed(name, root)]
  // It has time; what else is running here may not.
  setPriority(10)
  process.chdir(root)
  const done: Record<string, MutantTally> = { ...resume }
  const measured: Record<string, MeasuredRoom> = {}
  for (const room of rooms) {
    const began = performance.now()
    const files = sourcesOf(room, root)
    const tests = testsOf(room, root)
    const steps = stepsOf(
      room.name,
      files.map((path) => ({ path, source: readFileSync(join(root, path), 'utf8') })),
    )
    const tallies: MutantTally[] = []
    for (const step of steps) {
      // What was done before it was stopped holds for the files and tests of then.
      const name = `${step.name} ${digestOf([...step.parts.map(({ path }) => path), ...tests], root)}`
      const tally = done[name] ?? tallyMutants(await runStryker(step, { root, room, tests, concurrency, fresh: fresh > 0 }))
      tallies.push(tally)
      if (done[name]) continue
      done[name] = tally
      progress(done, `  ${step.name}: ${countsInWords(tally)}`)
    }
    const judged = judgeRoom(room, files, addTallies(tallies), ALLOWED_SURVIVORS)
    measured[room.name] = { ...judged, date: new Date().toISOString(), machine, seconds: Math.round((performance.now() - began) / 1000) }
    progress(done, judgementInWords(room, judged))
  }
  const all = mergeRooms(roomsKeptIn(root), measured)
  return { ok: Object.values(all).every(({ ok }) => ok), rooms: all }
}

function digestOf(paths: readonly string[], root: string): string {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\n`).update(readFileSync(join(root, path)))
  return hash.digest('hex').slice(0, 16)
}

function roomsKeptIn(root: string): Readonly<Record<string, MeasuredRoom>> {
  const file = join(root, 'bench', 'results', 'mutants.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { rooms: Record<string, MeasuredRoom> }).rooms : {}
}

function countsInWords({ killed, timedOut, survivors, invalid }: MutantTally): string {
  return `${killed} killed, ${timedOut} timed out, ${survivors.length} survived, ${invalid} invalid`
}

function judgementInWords({ name, barPercent }: MutantRoom, judged: RoomJudgement): string {
  const bar = barPercent === undefined ? 'no bar' : `bar ${barPercent} %, ${judged.ok ? 'holds' : 'FAILS'}`
  const survivors = judged.survivors
    .filter(({ reason }) => reason === undefined)
    .map(({ at, mutator, original, replacement }) => `  ${at}  ${mutator}: ${onOneLine(original)} -> ${onOneLine(replacement)}`)
  const stale = judged.staleReasons.map((reason) => `  needless reason: ${reason}`)
  return [
    `${name}: ${judged.scorePercent} % (${bar}); ${judged.survived} survived, ${judged.unexplained} without a reason`,
    ...survivors,
    ...stale,
  ].join('\n')
}

function onOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 90 ? `${line.slice(0, 87)}...` : line
}
