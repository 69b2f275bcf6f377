import type { HistoryColumns } from '../measure/history.ts'
import type { Leaderboard } from '../measure/run-result.ts'
import { countInWords, instantInWords, plural } from '../measure/words.ts'
import type { Checker, CheckerContext, CheckerResult, RunningChecker } from './checker.ts'
import { checkerTable } from './checker-table.ts'
import { checkerVerdict } from './checker-verdict.ts'
import { MemberScore } from './member-score.ts'
import { APP, codesOf, codesWhere, FAIL, OK, PROBE } from './rows.ts'
import { noneOf } from './rule-of-three.ts'
import { WorstFew } from './worst-few.ts'

/**
 * What became of the increments of scores, member by member: application rows "submit" (`arg` the points, `ret` the score
 * they led to), "rank" (`ret` the rank), "top" and "around" (`ret` how many were listed), whose class says "unsorted" or
 * "duplicate" where the answer was; probe rows "initial score" and "final score".
 *
 * The final score that was read back must lie between the sum of the acknowledged increments and that sum plus those of
 * unknown outcome. How far it lies outside is counted in increments: exactly where the answers tell the order, else as
 * the fewest that explain it.
 */
export const leaderboard: Checker = {
  id: 'leaderboard',
  sentence: 'Every acknowledged increment counts once, and every answer is sorted.',
  columns: ['op', 'layer', 'key', 'fn', 'outcome', 'arg', 'ret', 'sent', 'status'],
  table: checkerTable<Leaderboard>({
    title: 'Leaderboards',
    lead: 'Every acknowledged increment counts once; one of unknown outcome may count or not; every answer is sorted.',
    measures: (cell) => cell.leaderboard,
    examples: ({ examples }) => examples,
    columns: [
      { title: 'increments', text: (one) => countInWords(one.increments) },
      { title: 'acknowledged', text: (one) => countInWords(one.acknowledged) },
      { title: 'unknown', text: (one) => countInWords(one.unknown) },
      { title: 'members', text: (one) => countInWords(one.members) },
      { title: 'lost', text: (one) => countInWords(one.lostIncrements), wrong: (one) => one.lostIncrements > 0 },
      { title: 'applied twice', text: (one) => countInWords(one.duplicatedIncrements), wrong: (one) => one.duplicatedIncrements > 0 },
      { title: 'rank changes', text: (one) => countInWords(one.rankChanges) },
      { title: 'unsorted answers', text: (one) => countInWords(one.unsortedReads), wrong: (one) => one.unsortedReads > 0 },
    ],
  }),
  create: (context) => new RunningLeaderboard(context),
}

const MAX_EXAMPLES = 3

/** The same on columns in memory, without a cell. */
export function checkLeaderboard(columns: HistoryColumns): Leaderboard {
  const running = new RunningLeaderboard()
  running.accept(columns)
  return running.measures()
}

class RunningLeaderboard implements RunningChecker {
  readonly #context: CheckerContext | undefined
  readonly #members = new Map<number, MemberScore>()
  readonly #unsorted: string[] = []
  readonly #counts = { increments: 0, acknowledged: 0, unknown: 0, rankChanges: 0, unsortedReads: 0, rankedReads: 0 }

  constructor(context?: CheckerContext) {
    this.#context = context
  }

  accept(rows: HistoryColumns): void {
    const { layer, status, fn, outcome, key, arg, ret, sent } = rows
    const submits = codesOf(fn, 'submit')
    const finals = codesOf(fn, 'final score')
    const initials = codesOf(fn, 'initial score')
    const ranks = codesOf(fn, 'rank')
    const lists = codesOf(fn, 'top', 'around')
    const wrong = codesWhere(outcome, (text) => /\b(unsorted|duplicate)\b/.test(text))
    const counts = this.#counts
    for (let row = 0; row < rows.length; row++) {
      if (sent[row]! < 0) continue
      const code = fn.codes[row]!
      if (layer[row] === PROBE) {
        if (finals[code] === 1) this.#member(key[row]!).final = Number.isNaN(ret[row]!) ? 0 : ret[row]!
        else if (initials[code] === 1) this.#member(key[row]!).base = ret[row]!
        continue
      }
      if (layer[row] !== APP) continue
      if (wrong[outcome.codes[row]!] === 1) {
        counts.unsortedReads++
        if (this.#unsorted.length < MAX_EXAMPLES) this.#unsorted.push(unsortedInWords(rows, row))
      }
      if (submits[code] === 1) {
        counts.increments++
        const member = this.#member(key[row]!)
        if (status[row] === OK) {
          counts.acknowledged++
          member.acknowledged(arg[row]!, ret[row]!)
        } else if (status[row] !== FAIL) {
          counts.unknown++
          member.unknown(arg[row]!)
        }
      } else if (status[row] !== OK || Number.isNaN(ret[row]!)) continue
      else if (ranks[code] === 1) {
        if (this.#member(key[row]!).movedTo(ret[row]!)) counts.rankChanges++
      } else if (lists[code] === 1 && ret[row]! >= 2) counts.rankedReads++
    }
  }

  finish(): CheckerResult {
    const board = this.measures()
    const { cell } = this.#context!
    const { increments, acknowledged, unknown, members, lostIncrements, duplicatedIncrements, examples, unsortedReads, rankChanges } = board
    const { incrementsReadBack = 0, rankedReads = 0 } = board
    const width = unknown === 0 ? '' : ` (${countInWords(unknown)} of unknown outcome count either way)`
    const isWrong = lostIncrements + duplicatedIncrements > 0
    const totals = checkerVerdict(cell, {
      id: 'checker/leaderboard-totals',
      sentence: 'Every acknowledged increment counts once.',
      // Without a fault nothing excuses a wrong total.
      gates: this.#context!.settings.faults.length === 0,
      observations: incrementsReadBack,
      of: 'acknowledged increments whose final score was read back',
      fails: isWrong,
      evidence: isWrong
        ? `Of ${plural(acknowledged, 'acknowledged increment')} at least ${countInWords(lostIncrements)} were lost, and at least ${countInWords(duplicatedIncrements)} were applied twice${width}`
        : `${plural(incrementsReadBack, 'acknowledged increment')} add up to the final scores of ${plural(members, 'member')}${width}`,
      numbers: { increments, acknowledged, unknown, members, lostIncrements, duplicatedIncrements },
      counterexample: examples,
      testedBy: 'leaderboard',
    })
    const order = checkerVerdict(cell, {
      id: 'checker/leaderboard-order',
      sentence: 'Every answer was in order of the scores and named each member once.',
      gates: true,
      observations: rankedReads + unsortedReads,
      of: 'answers that list two members or more',
      fails: unsortedReads > 0,
      evidence:
        unsortedReads > 0
          ? `${countInWords(unsortedReads)} of ${plural(rankedReads, 'answer')} were unsorted or named a member twice`
          : `Unsorted or repeating answers: ${noneOf(rankedReads)}`,
      numbers: { rankedReads, unsortedReads, rankChanges },
      counterexample: this.#unsorted,
      testedBy: 'leaderboard',
    })
    return { verdicts: [totals, order], measures: { leaderboard: board } }
  }

  measures(): Leaderboard {
    const worst = new WorstFew<string>()
    const found = { members: 0, incrementsReadBack: 0, lostIncrements: 0, duplicatedIncrements: 0 }
    for (const [key, member] of this.#members) {
      const total = member.total()
      if (total === undefined) continue
      found.members++
      found.incrementsReadBack += member.increments
      found.lostIncrements += total.lost
      found.duplicatedIncrements += total.duplicated
      if (total.lost + total.duplicated > 0) worst.offer(total.lost + total.duplicated, () => `member ${key}: ${total.sentence}`)
    }
    return { ...this.#counts, ...found, examples: [...worst.values()] }
  }

  #member(key: number): MemberScore {
    let member = this.#members.get(key)
    if (member === undefined) {
      member = new MemberScore()
      this.#members.set(key, member)
    }
    return member
  }
}

function unsortedInWords({ sent, op, outcome }: HistoryColumns, row: number): string {
  return `${instantInWords(sent[row]!)}  operation ${op[row]}: ${outcome.dictionary[outcome.codes[row]!]}`
}
