import type { Command } from '../../src/protocol/command.ts'
import type { Endpoint } from '../property.ts'
import { type Answer, rawText, readAnswer, sameAnswer, showBytes } from './answer.ts'
import { rawCommand } from './marked-endpoint.ts'
import { cleanUp, keyText, needsReplies, type Plan, renderCommand } from './plan.ts'

/** The two sides differ, first at this command. */
export interface Difference {
  readonly at: number
  /** As they were sent to the second side. */
  readonly commands: readonly Command[]
  readonly expected: Answer
  readonly actual: Answer
}

/**
 * Sends one sequence to both sides under the keys of `run` and deletes those afterwards. One pipeline, interrupted
 * only where a command needs a cas id from an earlier reply. Rejects when a side is lost.
 */
export async function comparePlan(
  plan: Plan,
  prefix: string,
  run: number,
  reference: Endpoint,
  subject: Endpoint,
): Promise<{ readonly difference: Difference | undefined; readonly compared: number }> {
  const expectedCas: bigint[] = []
  const actualCas: bigint[] = []
  const commands: Command[] = []
  let difference: Difference | undefined
  let from = 0
  while (from < plan.length && difference === undefined) {
    let to = from + 1
    while (to < plan.length && !needsReplies(plan[to]!)) to++
    const part = plan.slice(from, to)
    const actualCommands = part.map((command) => renderCommand(command, prefix, run, actualCas))
    commands.push(...actualCommands)
    const [expected, actual] = await Promise.all([
      reference.execute(part.map((command) => renderCommand(command, prefix, run, expectedCas))),
      subject.execute(actualCommands),
    ])
    for (let i = from; i < to && difference === undefined; i++) {
      const name = String(plan[i]![0])
      const left = readAnswer(name, rawText(expected[i - from] ?? null), expectedCas)
      const right = readAnswer(name, rawText(actual[i - from] ?? null), actualCas)
      if (!sameAnswer(left, right)) difference = { at: i, commands, expected: left, actual: right }
    }
    from = to
  }
  const clean = cleanUp(plan, prefix, run)
  if (clean.length > 0) await Promise.all([reference.execute(clean), subject.execute(clean)])
  if (difference !== undefined && (await isStrayMinus(plan, difference, prefix, run + ASIDE, subject))) difference = undefined
  return { difference, compared: from }
}

const NON_NUMERIC = 'CLIENT_ERROR cannot increment or decrement non-numeric value'
/** Keys of a look aside must not meet those of the next runs. */
const ASIDE = 1_000_000_000
const HIGHEST_INT64 = 2n ** 63n - 1n

/**
 * memcached (1.6.18 for one) looks for a minus sign behind a number from 2^63 on as far as the next NUL, beyond the
 * end of the item (`strchr` in `safe_strtoull`). What an earlier owner of the memory has left there decides: now
 * and then a perfectly good number is "non-numeric". That is no promise to hold anyone to. Repeats the sequence up
 * to there and looks at the number.
 */
async function isStrayMinus(plan: Plan, difference: Difference, prefix: string, run: number, subject: Endpoint): Promise<boolean> {
  if (!difference.actual.text.startsWith(NON_NUMERIC) || difference.expected.text.startsWith('CLIENT_ERROR')) return false
  const before = plan.slice(0, difference.at)
  const seen: bigint[] = []
  for (const command of before) {
    const [reply] = await subject.execute([renderCommand(command, prefix, run, seen)])
    readAnswer(String(command[0]), rawText(reply ?? null), seen)
  }
  const [, key] = plan[difference.at]!
  if (key === undefined || typeof key === 'string' || !('key' in key)) return false
  const [reply] = await subject.execute([['get', keyText(prefix, run, { key: key.key, form: key.form === 'base64' ? 'plain' : key.form })]])
  const digits = /^VALUE .*\r\n(\d+) *\r\n/.exec(rawText(reply ?? null))?.[1]
  const clean = cleanUp(plan, prefix, run)
  if (clean.length > 0) await subject.execute(clean)
  return digits !== undefined && BigInt(digits) > HIGHEST_INT64
}

/** As one would type it into telnet, a data block on a line of its own. */
export function scriptLine(command: Command): string {
  const [line, ...rest] = rawCommand(command).toString('latin1').split('\r\n').slice(0, -1)
  return rest.length === 0 ? showBytes(line!) : `${showBytes(line!)}\n${showBytes(rest.join('\r\n'))}`
}
