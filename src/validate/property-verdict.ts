import type { Counterexample, Property } from '../../properties/property.ts'
import { quoteCommand } from '../../properties/redis/redis-cli-text.ts'
import type { Outcome, Verdict } from '../measure/verdict.ts'
import { plural } from '../measure/words.ts'
import { aclAdditions } from '../targets/preflight/acl-additions.ts'
import { refusalKind } from '../targets/preflight/refusal-kind.ts'
import type { Refusals } from './guarded-pair.ts'
import type { ProtocolRun } from './run-property.ts'

export interface VerdictFacts {
  readonly property: Property
  /** "redis-7.0.15" */
  readonly profile: string
  readonly runs: readonly ProtocolRun[]
  /** Of this validation; only those that the property ran into are told. */
  readonly refusals: Refusals
  /** As whom the endpoint's ACL knows us. */
  readonly user: string
  readonly interrupted: boolean
  readonly evidenceKind: 'observed' | 'modelled'
  readonly durationMillis: number
  /** The command that replays a counterexample. */
  replay(protocol: 2 | 3, seed: number, path: string): string
}

/** What a property's runs over its protocols come to, as the one shape in which everything is told. */
export function propertyVerdict(facts: VerdictFacts): Verdict {
  const { property, runs, evidenceKind, durationMillis } = facts
  const sequences = sum(runs.map(({ result }) => result.sequences))
  const commands = sum(runs.map(({ sent }) => sent))
  const judged = judge(facts, sequences, commands)
  return {
    kind: 'property',
    id: `property/${property.id}`,
    sentence: property.sentence,
    evidenceKind,
    gates: true,
    numbers: { sequences, commands, durationMillis: Math.round(durationMillis) },
    ...judged,
  }
}

type Judgement = Pick<Verdict, 'outcome' | 'evidence' | 'counterexample' | 'replay'>

function judge(facts: VerdictFacts, sequences: number, commands: number): Judgement {
  const { runs, profile } = facts
  for (const { result, protocol } of runs) {
    if (result.outcome !== 'broken') continue
    const { counterexample } = result
    return {
      outcome: 'fails',
      evidence: differenceInWords(facts, counterexample, protocol),
      counterexample: [
        ...counterexample.script.split('\n'),
        `${profile} answers: ${counterexample.expected}`,
        `the endpoint answers: ${counterexample.actual}`,
      ],
      replay: facts.replay(protocol, result.seed, counterexample.path),
    }
  }
  const held = `${plural(sequences, 'random sequence')} of ${plural(commands, 'command')}${overProtocols(runs)} answered as ${profile} does`
  if (facts.interrupted) return unknown(sequences === 0 ? 'interrupted before it began' : `interrupted; until then ${held}`)
  const missing = refusedInWords(facts)
  if (commands === 0 && missing !== undefined) return unknown(`not testable here: ${missing}`)
  const reasons = reasonsInWords(facts)
  if (reasons !== undefined) return unknown(`${sequences > 0 ? `${held}; then: ` : 'not testable here: '}${reasons}`)
  if (missing !== undefined) return unknown(`${held}; not testable here: ${missing}`)
  return { outcome: 'holds', evidence: held }
}

function unknown(evidence: string): { readonly outcome: Outcome; readonly evidence: string } {
  return { outcome: 'unknown', evidence }
}

function differenceInWords({ property, profile, runs }: VerdictFacts, { commands, at, expected, actual }: Counterexample, protocol: 2 | 3): string {
  const command = property.family === 'redis' ? quoteCommand(commands[at]!) : String(commands[at]![0])
  const over = property.family === 'redis' ? ` (RESP${protocol})` : ''
  const tried = sum(runs.map(({ result }) => result.sequences))
  return `${command} answers ${actual}, and on ${profile} ${expected}${over}; found and shortened in ${plural(tried, 'sequence')} to ${plural(commands.length, 'command')}`
}

/** Commands of this property that the endpoint refuses, with its words. */
function refusedInWords({ runs, refusals, user }: VerdictFacts): string | undefined {
  const used = new Set(runs.flatMap(({ result }) => Object.keys(result.coverage)))
  const nothing = used.size === 0
  const byText = new Map<string, string[]>()
  const commands: string[] = []
  let keys = false
  for (const [name, text] of refusals) {
    if (!nothing && !used.has(name.split(' ')[0]!.toLowerCase())) continue
    const kind = refusalKind(text)
    if (kind === 'command' || kind === 'keys') commands.push(name)
    if (kind === 'keys') keys = true
    // Texts that differ only by the command they name are one reason.
    const reason = text.replace(/'[^']*'|\bcommand\b.*$/g, (part) => (part.startsWith("'") ? '...' : 'command'))
    byText.set(reason, [...(byText.get(reason) ?? []), name])
  }
  if (byText.size === 0) return undefined
  const refused = [...byText].map(([text, names]) => `${names.sort().join(', ')} (${text})`).join('; ')
  return commands.length === 0 ? refused : `${refused}; what allows it: ${aclAdditions({ user, commands: commands.sort(), keys })}`
}

function overProtocols(runs: readonly ProtocolRun[]): string {
  const tested = runs.filter(({ sent }) => sent > 0)
  return tested.length < 2 ? '' : ` over ${tested.map(({ protocol }) => `RESP${protocol}`).join(' and ')}`
}

/** Why there is no verdict; a reason that both protocols share is told once. */
function reasonsInWords({ runs }: VerdictFacts): string | undefined {
  const open = runs.flatMap(({ result, protocol }) => (result.outcome === 'unknown' ? [{ protocol, reason: result.reason }] : []))
  if (open.length === 0) return undefined
  if (open.length === runs.length && open.every(({ reason }) => reason === open[0]!.reason)) return open[0]!.reason
  return open.map(({ protocol, reason }) => (runs.length > 1 ? `RESP${protocol}: ${reason}` : reason)).join('; ')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
