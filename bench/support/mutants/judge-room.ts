import { type Mutant, type MutantTally, scorePercent } from './mutant.ts'
import type { MutantRoom } from './rooms.ts'

/** Why a mutant may live: nobody could tell it from the original, or whoever could is not worth a test. */
export interface AllowedSurvivor {
  readonly file: string
  readonly mutator: string
  /** The text that was replaced, blanks aside: it is found again wherever the line has gone. */
  readonly original: string
  /** By what; anything unless told. */
  readonly replacement?: string
  readonly reason: string
}

export interface RoomJudgement {
  /** Absent: the score is written down and held to nothing. */
  readonly barPercent?: number
  readonly ok: boolean
  readonly scorePercent: number
  readonly killed: number
  readonly timedOut: number
  readonly survived: number
  /** Of those: with no reason why they may live. */
  readonly unexplained: number
  readonly invalid: number
  readonly survivors: readonly Survivor[]
  /** Reasons for what is killed by now, or is no longer there. */
  readonly staleReasons: readonly string[]
}

interface Survivor {
  /** "src/check/zones.ts:12" */
  readonly at: string
  readonly mutator: string
  readonly original: string
  readonly replacement: string
  /** No test came by at all. */
  readonly uncovered?: true
  readonly reason?: string
}

/** `files`: those of the room, whose reasons are looked at. */
export function judgeRoom(
  { barPercent }: Pick<MutantRoom, 'barPercent'>,
  files: readonly string[],
  tally: MutantTally,
  allowed: readonly AllowedSurvivor[],
): RoomJudgement {
  const used = new Set<AllowedSurvivor>()
  const survivors = tally.survivors.map((mutant): Survivor => {
    const matching = allowed.filter((one) => isOf(one, mutant))
    for (const one of matching) used.add(one)
    return {
      at: `${mutant.file}:${mutant.line}`,
      mutator: mutant.mutator,
      original: mutant.original,
      replacement: mutant.replacement,
      ...(mutant.status === 'NoCoverage' && { uncovered: true }),
      ...(matching[0] && { reason: matching[0].reason }),
    }
  })
  const score = Math.round(scorePercent(tally) * 10) / 10
  return {
    ...(barPercent !== undefined && { barPercent }),
    ok: barPercent === undefined || scorePercent(tally) >= barPercent,
    scorePercent: score,
    killed: tally.killed,
    timedOut: tally.timedOut,
    survived: survivors.length,
    unexplained: survivors.filter(({ reason }) => reason === undefined).length,
    invalid: tally.invalid,
    survivors: survivors.sort((a, b) => (a.reason === undefined ? 0 : 1) - (b.reason === undefined ? 0 : 1)),
    staleReasons: allowed
      .filter((one) => files.includes(one.file) && !used.has(one))
      .map(
        ({ file, mutator, original, replacement }) => `${file}: ${mutator} of ${original}${replacement === undefined ? '' : ` -> ${replacement}`}`,
      ),
  }
}

function isOf(allowed: AllowedSurvivor, mutant: Mutant): boolean {
  return (
    allowed.file === mutant.file &&
    allowed.mutator === mutant.mutator &&
    withoutBlanks(allowed.original) === withoutBlanks(mutant.original) &&
    (allowed.replacement === undefined || withoutBlanks(allowed.replacement) === withoutBlanks(mutant.replacement))
  )
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '')
}
