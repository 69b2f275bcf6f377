import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { ByteWriter } from '../../src/protocol/byte-writer.ts'
import type { Command } from '../../src/protocol/command.ts'
import { encodeMemcachedCommand } from '../../src/protocol/memcached-command-encoder.ts'
import type { Counterexample, Property, PropertyOptions, PropertyResult, Reach } from '../property.ts'
import { showAnswer } from './answer.ts'
import { comparePlan, type Difference, scriptLine } from './compare-plan.ts'
import { isMarked, isSteady } from './marked-endpoint.ts'
import { claimsBase64, type Plan, type PlannedCommand, renderCommand } from './plan.ts'

export interface DifferentialSpec {
  readonly id: string
  readonly sentence: string
  readonly reach: Reach
  /** One command; the property makes sequences of them. */
  readonly command: fc.Arbitrary<PlannedCommand>
  /** Longest sequence; 40 unless told. */
  readonly longest?: number
}

/**
 * A difference must be seen after each of these pauses before it counts. What comes and goes: a second that ticks
 * between two commands, and items that memcached's LRU thread holds at the moment (one that is read twice in COLD
 * waits in its queue, and a decr meanwhile writes a new item instead of padding the old one). That thread sleeps
 * longer and longer when it is left alone.
 */
const PAUSES_MILLIS = [0, 0, 0, 10, 20, 50, 100, 200, 500, 1000]
/** Once there is a steady difference, shorter sequences are tried in haste; the last one is looked at again with all pauses. */
const HASTY_PAUSES_MILLIS = [0, 0, 0]
const NO_PAUSES = [0]

/**
 * A property "both sides answer every sequence alike, byte for byte". Sequences are sent as one pipeline (interrupted
 * only where a command needs a cas id from an earlier reply) under keys of their own, which are deleted after.
 * A difference counts when it is seen every time, with fresh keys.
 */
export function differentialProperty(spec: DifferentialSpec): Property {
  return {
    id: spec.id,
    sentence: spec.sentence,
    family: 'memcached',
    reach: spec.reach,
    run: (options) => new DifferentialRun(spec, options).run(),
  }
}

class DifferentialRun {
  readonly #spec: DifferentialSpec
  readonly #options: PropertyOptions
  readonly #raw: boolean
  /** Two engines in-process: what is seen once is there. */
  readonly #steady: boolean
  readonly #coverage: Record<string, number> = {}
  #sequences = 0
  #commands = 0
  #serial = 0
  #stopped = false
  #found = false
  #lost: Error | undefined

  constructor(spec: DifferentialSpec, options: PropertyOptions) {
    this.#spec = spec
    this.#options = options
    this.#raw = isMarked(options.reference) && isMarked(options.subject)
    this.#steady = isSteady(options.reference) && isSteady(options.subject)
    // Keys of another run against the same endpoint must not meet these.
    this.#serial = (options.seed >>> 0) % 1_000_000
  }

  async run(): Promise<PropertyResult> {
    const { seed, runs, path } = this.#options
    if (this.#spec.reach === 'server' && this.#options.reach !== 'server') return this.#refused()
    const plans = fc.array(this.#spec.command, { minLength: 1, maxLength: this.#spec.longest ?? 40, size: 'max' })
    const property = fc.asyncProperty(plans, async (plan) => {
      if (this.#stopped || this.#lost) return true
      const difference = await this.#compare(plan)
      return difference === undefined
    })
    const details = await fc.check(property, path === undefined ? { seed, numRuns: runs } : { seed, numRuns: runs, path })
    const ran = { id: this.#spec.id, seed, sequences: this.#sequences, commands: this.#commands, coverage: this.#coverage }
    const lost = this.#loss()
    if (lost !== undefined) return { ...ran, outcome: 'unknown', reason: lost }
    if (!details.failed) return { ...ran, outcome: 'holds' }
    if (details.counterexample === null) return { ...ran, outcome: 'unknown', reason: String(details.errorInstance ?? 'interrupted') }
    const shortest = await this.#shorten(details.counterexample[0])
    if (shortest === undefined) return { ...ran, outcome: 'unknown', reason: this.#loss() ?? 'the difference could not be seen again' }
    return { ...ran, outcome: 'broken', counterexample: this.#counterexample(shortest, details.counterexamplePath ?? '') }
  }

  #refused(): PropertyResult {
    const ran = { id: this.#spec.id, seed: this.#options.seed, sequences: 0, commands: 0, coverage: {} }
    return { ...ran, outcome: 'unknown', reason: 'it sends commands that reach the whole server, which was not allowed' }
  }

  /** Why there is no connection any more. */
  #loss(): string | undefined {
    return this.#lost?.message
  }

  async #compare(plan: Plan): Promise<Difference | undefined> {
    const difference = await this.#look(this.#allowed(plan), true, this.#found ? HASTY_PAUSES_MILLIS : PAUSES_MILLIS)
    if (this.#lost) return undefined
    if (difference !== undefined) this.#found = true
    this.#sequences++
    if (this.#options.onProgress?.(this.#sequences, this.#commands) === false) this.#stopped = true
    return difference
  }

  /** A difference that is seen every time, or none. */
  async #look(plan: Plan, counted: boolean, pausesMillis: readonly number[]): Promise<Difference | undefined> {
    try {
      let difference: Difference | undefined
      for (const [sighting, millis] of (this.#steady ? NO_PAUSES : pausesMillis).entries()) {
        if (millis > 0) await sleep(millis)
        difference = await this.#once(plan, counted && sighting === 0)
        if (difference === undefined) return undefined
      }
      return difference
    } catch (error) {
      this.#lost = asError(error)
      return undefined
    }
  }

  async #once(plan: Plan, counted: boolean): Promise<Difference | undefined> {
    const { prefix, reference, subject } = this.#options
    const { difference, compared } = await comparePlan(plan, prefix, this.#serial++, reference, subject)
    if (counted) for (const command of plan.slice(0, compared)) this.#count(String(command[0]))
    return difference
  }

  #count(name: string): void {
    this.#commands++
    this.#coverage[name] = (this.#coverage[name] ?? 0) + 1
  }

  /** What these endpoints can be sent. */
  #allowed(plan: Plan): Plan {
    const without = this.#options.without
    return plan.filter((command) => {
      if (without?.has(String(command[0]))) return false
      return this.#raw || (!claimsBase64(command) && isSendable(renderCommand(command, this.#options.prefix, 0, [])))
    })
  }

  /** Leaves out every command that can be left out, then cuts behind the difference. */
  async #shorten(found: Plan): Promise<Difference | undefined> {
    let plan = this.#allowed(found)
    const difference = await this.#look(plan, false, HASTY_PAUSES_MILLIS)
    if (difference === undefined) return undefined
    plan = plan.slice(0, difference.at + 1)
    for (let i = plan.length - 1; i >= 0; i--) {
      const shorter = plan.filter((_command, at) => at !== i)
      if (shorter.length === 0) continue
      const still = await this.#look(shorter, false, HASTY_PAUSES_MILLIS)
      if (still === undefined) continue
      plan = shorter.slice(0, still.at + 1)
      i = Math.min(i, plan.length)
    }
    return this.#look(plan, false, PAUSES_MILLIS)
  }

  #counterexample(difference: Difference, path: string): Counterexample {
    const commands = difference.commands.slice(0, difference.at + 1)
    return {
      path,
      commands,
      at: difference.at,
      script: commands.map(scriptLine).join('\n'),
      expected: showAnswer(difference.expected),
      actual: showAnswer(difference.actual),
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** Whether an ordinary client can send it: it has exactly one answer and can't break the stream. */
function isSendable(command: Command): boolean {
  try {
    return encodeMemcachedCommand(new ByteWriter(512), command) >= 0
  } catch {
    return false
  }
}
