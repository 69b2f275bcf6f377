import type { HistoryColumns } from '../measure/history.ts'
import type { Leaderboard } from '../measure/run-result.ts'
import { plural } from '../measure/words.ts'
import { forEachKey, groupByKey } from './group-by-key.ts'
import { APP, codesOf, codesWhere, FAIL, OK, PROBE, selectRows } from './rows.ts'
import { WorstFew } from './worst-few.ts'

/**
 * What became of a leaderboard's increments, member by member. The final score that was read back must lie between the
 * sum of the acknowledged increments and that sum plus those of unknown outcome. How far it lies outside is counted in
 * increments: exactly where the answers tell the order (`witnessedDuplicates`), else as the fewest that explain it.
 */
export function checkLeaderboard(columns: HistoryColumns): Leaderboard {
  const { layer, status, fn, outcome, key, arg, ret } = columns
  const submits = codesOf(fn, 'submit')
  const finals = codesOf(fn, 'final score')
  const initials = codesOf(fn, 'initial score')
  const ranks = codesOf(fn, 'rank')
  const wrong = codesWhere(outcome, (text) => /\b(unsorted|duplicate)\b/.test(text))
  const board = { increments: 0, acknowledged: 0, unknown: 0, lostIncrements: 0, duplicatedIncrements: 0, rankChanges: 0, unsortedReads: 0 }

  const rows = selectRows(columns, (row) => {
    const code = fn.codes[row]!
    if (layer[row] === PROBE) return finals[code] === 1 || initials[code] === 1
    if (layer[row] !== APP) return false
    if (wrong[outcome.codes[row]!] === 1) board.unsortedReads++
    return submits[code] === 1 || ranks[code] === 1
  })

  const worst = new WorstFew<string>()
  let members = 0
  forEachKey(groupByKey(key, rows), (member, group) => {
    const deltas: number[] = []
    const scores: number[] = []
    const unknownDeltas: number[] = []
    let base = 0
    let final: number | undefined
    let lastRank = Number.NaN
    for (const row of group) {
      const code = fn.codes[row]!
      if (layer[row] === PROBE) {
        if (finals[code] === 1) final = Number.isNaN(ret[row]!) ? 0 : ret[row]!
        else base = ret[row]!
      } else if (submits[code] === 1) {
        board.increments++
        if (status[row] === OK) {
          deltas.push(arg[row]!)
          scores.push(ret[row]!)
        } else if (status[row] !== FAIL) unknownDeltas.push(arg[row]!)
      } else if (status[row] === OK && !Number.isNaN(ret[row]!)) {
        if (!Number.isNaN(lastRank) && lastRank !== ret[row]) board.rankChanges++
        lastRank = ret[row]!
      }
    }
    board.acknowledged += deltas.length
    board.unknown += unknownDeltas.length
    if (final === undefined) return
    members++
    const low = base + sum(deltas)
    const high = low + sum(unknownDeltas)
    const told = unknownDeltas.length === 0 && final > low ? witnessedDuplicates(deltas, scores, base, final) : 0
    const lost = fewest(deltas, low - final)
    const duplicated = Math.max(told, fewest([...deltas, ...unknownDeltas], final - high, true))
    board.lostIncrements += lost
    board.duplicatedIncrements += duplicated
    if (lost + duplicated === 0) return
    const what = lost > 0 ? `at least ${plural(lost, 'increment')} lost` : `at least ${plural(duplicated, 'increment')} applied twice`
    const bounds = low === high ? `${low} was acknowledged` : `${low} was acknowledged and ${high - low} more is unknown`
    worst.offer(lost + duplicated, () => `member ${member}: final score ${final}, but ${bounds}: ${what}`)
  })
  return { ...board, members, examples: [...worst.values()] }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/**
 * Each answer is the score after its increment, so answers in rising order tell the order in which increments were
 * applied, and every step must be as large as its increment: a step of twice the size is one that was applied twice.
 * 0 where answers do not tell an order: an increment of nothing, an answer that was not given or fits no order.
 */
function witnessedDuplicates(deltas: readonly number[], scores: readonly number[], base: number, final: number): number {
  if (deltas.some((delta) => !(delta > 0)) || scores.some((score) => Number.isNaN(score))) return 0
  const order = scores.map((_, at) => at).sort((a, b) => scores[a]! - scores[b]!)
  let last = base
  let duplicated = 0
  for (const at of order) {
    const excess = scores[at]! - last - deltas[at]!
    if (excess < 0) return 0
    if (excess > 0) duplicated += Math.max(1, Math.round(excess / deltas[at]!))
    last = scores[at]!
  }
  return duplicated + (final > last ? 1 : 0)
}

/** The fewest of these increments that add up to at least `points`, each used once or, `repeatable`, as often as one likes. */
function fewest(increments: readonly number[], points: number, repeatable = false): number {
  if (points <= 0) return 0
  const largestFirst = increments.filter((value) => value > 0).sort((a, b) => b - a)
  if (largestFirst.length === 0) return 1
  if (repeatable) return Math.ceil(points / largestFirst[0]!)
  let count = 0
  for (let left = points; left > 0 && count < largestFirst.length; count++) left -= largestFirst[count]!
  return count
}
