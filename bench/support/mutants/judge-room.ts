import { type Mutant, type MutantTally, scorePercent } from './mutant.ts'
import type { MutantRoom } from './rooms.ts'

/** Why a mutant may live: nobody could tell it from the original, or whoever could is not worth a test. */
export interface AllowedSurvivor {
  readonly file: string
  /** Stryker's name for the kind of fault; any unless told. */
  readonly mutator?: string
  /** The text that was replaced, or each of several, blanks aside: it is found again wherever the line has gone. With … at its end: how it begins. */
  readonly original: string | readonly string[]
  /** By what; anything unless told. */
  readonly replacement?: string
  /** On how many lines of the file each text may live; one unless told. On more, nobody has looked at the others: none is spoken for. */
  readonly lines?: number
  readonly reason: string
}

export interface RoomJudgement {
  /** Absent: the score is written down and held to nothing. */
  readonly barPercent?: number
  /** The bar is held, and of what survived nothing is without a reason. */
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
  const reasons = allowed.filter(({ file }) => files.includes(file)).flatMap((one) => reasonsFor(one, tally.survivors))
  const survivors = tally.survivors.map((mutant): Survivor => {
    const found = reasons.find(({ speaksFor }) => speaksFor.includes(mutant))
    return {
      at: `${mutant.file}:${mutant.line}`,
      mutator: mutant.mutator,
      original: mutant.original,
      replacement: mutant.replacement,
      ...(mutant.status === 'NoCoverage' && { uncovered: true }),
      ...(found && { reason: found.reason }),
    }
  })
  const unexplained = survivors.filter(({ reason }) => reason === undefined)
  return {
    ...(barPercent !== undefined && { barPercent }),
    ok: barPercent === undefined || (scorePercent(tally) >= barPercent && unexplained.length === 0),
    scorePercent: Math.round(scorePercent(tally) * 10) / 10,
    killed: tally.killed,
    timedOut: tally.timedOut,
    survived: survivors.length,
    unexplained: unexplained.length,
    invalid: tally.invalid,
    survivors: [...unexplained, ...survivors.filter(({ reason }) => reason !== undefined)],
    staleReasons: reasons.filter(({ isStale }) => isStale).map(({ words }) => words),
  }
}

interface Reason {
  readonly words: string
  readonly reason: string
  readonly speaksFor: readonly Mutant[]
  readonly isStale: boolean
}

/** One for each of its texts. */
function reasonsFor({ file, mutator, original, replacement, lines = 1, reason }: AllowedSurvivor, survivors: readonly Mutant[]): Reason[] {
  return [original].flat().map((text) => {
    const same = survivors.filter(
      (one) =>
        one.file === file &&
        (mutator === undefined || mutator === one.mutator) &&
        isTextOf(text, one.original) &&
        (replacement === undefined || withoutBlanks(replacement) === withoutBlanks(one.replacement)),
    )
    return {
      words: `${file}: ${mutator ?? 'anything'} of ${text}${replacement === undefined ? '' : ` -> ${replacement}`}`,
      reason,
      speaksFor: new Set(same.map(({ line }) => line)).size > lines ? [] : same,
      isStale: same.length === 0,
    }
  })
}

function isTextOf(told: string, original: string): boolean {
  const text = withoutBlanks(told)
  return text.endsWith('…') ? withoutBlanks(original).startsWith(text.slice(0, -1)) : withoutBlanks(original) === text
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '')
}
