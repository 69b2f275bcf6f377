import { performance } from 'node:perf_hooks'
import type { Client } from '../client/client.ts'
import { TargetError } from '../client/target-error.ts'
import { CommandTable } from '../engine/redis/command-table.ts'
import type { RedisProfile } from '../engine/redis/profiles.ts'
import type { Verdict } from '../measure/verdict.ts'
import { repeatableCommand } from '../run/repeatable-command.ts'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import { reason } from '../runtime/reason.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { openTarget } from '../targets/open-target.ts'
import { ownPrefix } from '../targets/own-prefix.ts'
import { openServedEngine } from '../targets/served-engine-target.ts'
import type { Target } from '../targets/target.ts'
import { parseTargetUrl } from '../targets/url/target-url.ts'
import { urlsOfNodes } from '../targets/url/urls-of-nodes.ts'
import { chooseReference, type Reference } from './choose-reference.ts'
import { exchange } from './client-endpoint.ts'
import { type CommandRules, mayBeSent, memcachedJudge, redisJudge } from './command-rules.ts'
import { KeyLedger } from './key-ledger.ts'
import { lookOver } from './look-over.ts'
import { propertyVerdict } from './property-verdict.ts'
import { type PropertyBench, type ProtocolRun, runProperty } from './run-property.ts'
import { checkPath, type Selected, selectProperties } from './select-properties.ts'
import { Silence } from './silence.ts'
import type { Skipped, ValidateOptions, Validation } from './validation.ts'

/** What cacheproof can be allowed beyond own keys and connections. */
export const REACHES_TO_ALLOW: readonly string[] = ['server']

/** Engines in this process need not wait for a network. */
const NEXT_TO_NOTHING = { medianNanos: 1_000, p99Nanos: 2_000 }
const SKEW_WORTH_TELLING_MICROS = 5_000_000

/**
 * Holds an endpoint against the reference engine in the profile nearest to it: which properties hold, which do not
 * and by what shortest sequence, which could not be tested. Touches only keys under a prefix of its own and removes
 * them, also after an interruption.
 *
 * Throws `UsageError` for options that make no sense and `TargetError` for a target that can't be reached or used.
 */
export async function validateTarget(options: ValidateOptions): Promise<Validation> {
  const unknown = options.allow?.find((word) => !REACHES_TO_ALLOW.includes(word))
  if (unknown !== undefined) throw new UsageError(`--allow ${unknown}: there is nothing of that name to allow`, 'did you mean --allow server?')
  const url = parseTargetUrl(options.target)
  const selected = selectProperties(url.family, options.only)
  if (options.path !== undefined) checkPath(options.path, selected)
  const runtime = createRealRuntime({ seed: options.seed })
  try {
    return await new Validating(options, selected, runtime).all(urlsOfNodes(options.target))
  } finally {
    runtime.close()
  }
}

class Validating {
  readonly #options: ValidateOptions
  readonly #selected: readonly Selected[]
  readonly #runtime: Runtime
  readonly #verdicts: Verdict[] = []
  readonly #skipped: Skipped[] = []
  readonly #notes: string[] = []
  #clients = 0
  #lost: string | undefined
  readonly #silence = new Silence()

  constructor(options: ValidateOptions, selected: readonly Selected[], runtime: Runtime) {
    this.#options = options
    this.#selected = selected
    this.#runtime = runtime
  }

  async all(nodes: readonly string[]): Promise<Validation> {
    const options = this.#options
    let found: Pick<Validation, 'target' | 'profile'> | undefined
    for (const node of nodes) {
      const one = await this.#node(node, nodes.length)
      found ??= one
    }
    if (!found) throw new Error('there was no node to validate')
    return {
      ...found,
      target: nodes.length === 1 ? found.target : { ...found.target, ...severalNodes(options.target) },
      seed: options.seed,
      runs: options.runs,
      command: options.command,
      status: options.signal?.aborted ? 'interrupted' : 'complete',
      verdicts: this.#verdicts,
      skipped: this.#skipped,
      notes: this.#notes,
    }
  }

  async #node(url: string, nodes: number): Promise<Pick<Validation, 'target' | 'profile'>> {
    const { env, profile } = this.#options
    const options = { runtime: this.#runtime, client: 'wire', env, network: NEXT_TO_NOTHING }
    const parsed = parseTargetUrl(url)
    const served = parsed.kind === 'engine' && parsed.family === 'memcached'
    // Memcached is compared over a socket, so that what is malformed or silent can be compared too.
    const target = served ? await openServedEngine(url, options) : await openTarget(url, options)
    try {
      const { description, family } = target
      const reference = chooseReference(description, family, profile)
      this.#options.observer?.began?.({
        target: description,
        profile: reference.name,
        seed: this.#options.seed,
        properties: this.#selected.length * nodes,
      })
      if (reference.note !== undefined) this.#note(reference.note)
      await this.#properties(url, target, reference, nodes > 1 ? `@${url.slice('memcached://'.length)}` : '')
      return { target: description, profile: reference.name }
    } finally {
      await target.close()
    }
  }

  async #properties(url: string, target: Target, reference: Reference, suffix: string): Promise<void> {
    const prefix = ownPrefix(target.description)
    const ledger = new KeyLedger(prefix)
    const refusals = new Map<string, string>()
    const release = target.description.ours ? undefined : target.claimPrefix?.(prefix)
    try {
      const rules = this.#rules(url, target, prefix)
      const table = target.family === 'redis' ? new CommandTable(reference.profile as RedisProfile) : undefined
      const client = await this.#connect(target)
      const needs = table === undefined ? [] : mayBeSent(table, rules)
      const { skewMicros, meta } = await lookOver(target, client, prefix, this.#runtime, refusals, needs).finally(() => client.close())
      this.#tellSkew(skewMicros)
      const bench: PropertyBench = {
        target,
        memcachedSocket: meta ? addressOf(target) : undefined,
        runtime: this.#runtime,
        skewMicros: skewMicros ?? 0,
        reference,
        prefix,
        runs: this.#options.runs,
        seed: this.#options.seed,
        path: this.#options.path,
        judge: table === undefined ? memcachedJudge(rules) : redisJudge(table, rules),
        serverAllowed: rules.ours || rules.serverAllowed,
        ledger,
        refusals,
        signal: this.#options.signal,
        nextClientId: () => ++this.#clients,
      }
      for (const [index, selected] of this.#selected.entries()) await this.#property(selected, index, bench, url, suffix)
    } finally {
      await this.#cleanUp(target, ledger, release)
    }
  }

  async #property({ property, protocols }: Selected, index: number, bench: PropertyBench, url: string, suffix: string): Promise<void> {
    const { observer, signal } = this.#options
    const id = `${property.id}${suffix}`
    if (property.reach === 'server' && !bench.serverAllowed) {
      this.#skipped.push({ id, reason: 'its commands reach the whole server; --allow server runs it' })
      return
    }
    observer?.propertyBegan?.(id, index)
    const begun = performance.now()
    const runs: ProtocolRun[] = []
    for (const protocol of protocols) {
      if (signal?.aborted) break
      const before = runs.reduce((sum, { result }) => sum + result.sequences, 0)
      const run = await this.#protocol({ property, protocols }, protocol, bench, (sequences) => observer?.progress?.(id, before + sequences))
      runs.push(run)
      if (run.result.outcome === 'broken') break
    }
    const verdict = propertyVerdict({
      property,
      profile: bench.reference.name,
      runs,
      refusals: bench.refusals,
      user: bench.target.user ?? 'default',
      interrupted: signal?.aborted === true && !isDone(runs, protocols, bench.runs),
      evidenceKind: bench.target.description.evidence,
      durationMillis: performance.now() - begun,
      replay: (protocol, seed, path) => this.#replay(url, property.id, protocol, seed, path),
    })
    const named = suffix === '' ? verdict : { ...verdict, id: `${verdict.id}${suffix}` }
    this.#verdicts.push(named)
    observer?.propertyEnded?.(named)
    for (const [name, reason] of new Map(runs.flatMap(({ leftOut }) => [...leftOut]))) this.#skipped.push({ id: `${id}: ${name}`, reason })
  }

  async #protocol({ property }: Selected, protocol: 2 | 3, bench: PropertyBench, onSequence: (sequences: number) => void): Promise<ProtocolRun> {
    const untested = (reason: string): ProtocolRun => ({
      protocol,
      sent: 0,
      leftOut: new Map(),
      result: { id: property.id, seed: bench.seed, sequences: 0, commands: 0, coverage: {}, outcome: 'unknown', reason },
    })
    if (this.#lost !== undefined) return untested(this.#lost)
    try {
      const run = await runProperty(property, protocol, bench, onSequence)
      this.#silence.count(run.trouble)
      if (this.#silence.isCertain) this.#lost = `the endpoint has fallen silent: ${reason(run.trouble)}`
      return run
    } catch (error) {
      if (!(error instanceof TargetError)) throw error
      // It was there a moment ago. The rest need not wait for it one by one.
      this.#lost = `the endpoint can't be reached any more: ${error.message}`
      return untested(this.#lost)
    }
  }

  #rules(url: string, target: Target, prefix: string): CommandRules {
    const parsed = parseTargetUrl(url)
    const { ours, topology, settings } = target.description
    return {
      prefix,
      ours,
      serverAllowed: this.#options.allow?.includes('server') === true,
      database: parsed.kind === 'redis' ? parsed.database : 0,
      clusterMode: topology.startsWith('cluster'),
      policy: settings['maxmemory-policy'],
    }
  }

  /** Deletes by name what may be left, then has the target swept by the prefix, where it can be. */
  async #cleanUp(target: Target, ledger: KeyLedger, release: (() => Promise<void>) | undefined): Promise<void> {
    const { keys } = ledger
    try {
      if (keys.length > 0 && !target.description.ours) {
        const client = await this.#connect(target)
        try {
          if (target.family === 'redis') await exchange(client, [['DEL', ...keys]])
          else
            await exchange(
              client,
              keys.map((key) => ['delete', key]),
            )
        } finally {
          await client.close()
        }
      }
    } catch (error) {
      this.#note(`${keys.length} keys may be left at the endpoint, because it can't be reached: ${(error as Error).message}`)
    }
    try {
      await release?.()
    } catch (error) {
      this.#note(`the endpoint could not be swept for left keys (they were deleted by name): ${(error as Error).message}`)
    }
  }

  #connect(target: Target): Promise<Client> {
    return target.connect({ deadlineNanos: 10_000_000_000, connections: 1, id: ++this.#clients })
  }

  #replay(url: string, id: string, protocol: 2 | 3, seed: number, path: string): string {
    const { profile, allow } = this.#options
    const words = ['validate', url, '--only', protocol === 3 ? `${id}@resp3` : id, '--seed', String(seed), '--path', path]
    if (profile !== undefined) words.push('--profile', profile)
    if (allow?.includes('server')) words.push('--allow', 'server')
    return repeatableCommand(words)
  }

  #tellSkew(micros: number | undefined): void {
    if (micros === undefined)
      this.#note("the endpoint does not tell its time; where its clock differs from this machine's, times to live may seem wrong")
    else if (Math.abs(micros) >= SKEW_WORTH_TELLING_MICROS) {
      const seconds = Math.round(Math.abs(micros) / 1e6)
      this.#note(
        `the endpoint's clock is ${seconds} s ${micros > 0 ? 'ahead of' : 'behind'} this machine's; the reference was given the endpoint's time`,
      )
    }
  }

  #note(text: string): void {
    if (this.#notes.includes(text)) return
    this.#notes.push(text)
    this.#options.observer?.note?.(text)
  }
}

/** An interruption that came after the last sequence took nothing away. */
function isDone(runs: readonly ProtocolRun[], protocols: readonly (2 | 3)[], sequences: number): boolean {
  return runs.length === protocols.length && runs.every(({ result }) => result.sequences >= sequences)
}

function addressOf(target: Target): { readonly host: string; readonly port: number } | undefined {
  const url = target.connectUrl === undefined ? undefined : parseTargetUrl(target.connectUrl)
  return url?.kind === 'memcached' ? url.nodes[0] : undefined
}

function severalNodes(target: string): { readonly url: string; readonly label: string; readonly topology: string } {
  const url = parseTargetUrl(target)
  const nodes = url.kind === 'memcached' ? url.nodes.length : 1
  return { url: url.shown, label: url.label, topology: `${nodes} independent nodes` }
}
