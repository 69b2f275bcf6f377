import { Bench } from 'tinybench'
import type { Client } from '../../client/client.ts'
import { TargetError } from '../../client/target-error.ts'
import type { Command, Word } from '../../protocol/command.ts'
import { ReplyError } from '../../protocol/reply.ts'
import { createRealRuntime } from '../../runtime/real-runtime.ts'
import { SECOND, type Stream } from '../../runtime/runtime.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { openTarget } from '../../targets/open-target.ts'
import { ownPrefix } from '../../targets/own-prefix.ts'
import { aclAdditions } from '../../targets/preflight/acl-additions.ts'
import { preflightCommands } from '../../targets/preflight/preflight.ts'
import { commandName } from '../../targets/preflight/try-commands.ts'
import type { Target } from '../../targets/target.ts'
import { exchange } from '../client-endpoint.ts'
import { KeyLedger, latin1 } from '../key-ledger.ts'
import { Silence } from '../silence.ts'
import { checkAnswer } from './check-answer.ts'
import type { CommandSample } from './command-sample.ts'
import { MEMCACHED_SAMPLES } from './memcached-samples.ts'
import type { Profile, ProfileResult, ProfileRow } from './profile.ts'
import { REDIS_SAMPLES } from './redis-samples.ts'
import { failedResult, summarizeSamples } from './summarize-samples.ts'

export interface ProfileOptions {
  /** Target URLs; may hold secrets. */
  readonly targets: readonly string[]
  /** As `--client` names them. */
  readonly clients: readonly string[]
  /** For each command and target, all rounds together. */
  readonly timeMillis: number
  readonly seed: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** The command line, without secrets. */
  readonly command: string
  readonly signal?: AbortSignal
  readonly observer?: { round?(round: number, rounds: number): void; note?(text: string): void }
}

/** A target over a client, with what is measured of it. */
interface Subject {
  readonly label: string
  readonly target: Target
  readonly client: Client
  readonly prefix: string
  readonly ledger: KeyLedger
  readonly release: (() => Promise<void>) | undefined
  readonly silence: Silence
}

/** One command on one target; samples grow from round to round. */
interface Pair {
  readonly sample: CommandSample
  readonly subject: Subject
  readonly nanos: number[]
  index: number
  error: string | undefined
}

/**
 * Every pair of command and target is measured in this many small rounds, each round in another random order, so that
 * whatever drifts (the machine's clock, a neighbour, the server's memory) hits all alike.
 */
const ROUNDS = 5
const WARM_UP_ITERATIONS = 50
const WAKE_UP_ITERATIONS = 5
/** At the most, for each command and round: a server whose answers dribble needs no warming up. */
const WARM_UP_MILLIS = 100
const DEADLINE_NANOS = 5 * SECOND

/**
 * Unloaded latency of each command of the targets' families: one request at a time over a warm connection, by
 * tinybench. Touches only keys under a prefix of its own, which expire, and deletes them.
 *
 * Throws `UsageError` and `TargetError` as opening a target does.
 */
export async function profileTargets(options: ProfileOptions): Promise<Profile> {
  const runtime = createRealRuntime({ seed: options.seed })
  const subjects: Subject[] = []
  const notes: string[] = []
  const note = (text: string) => {
    notes.push(text)
    options.observer?.note?.(text)
  }
  try {
    for (const url of options.targets) {
      for (const client of options.clients) {
        const target = await openTarget(url, { runtime, client, env: options.env })
        const label = options.clients.length > 1 ? `${target.description.label} over ${client}` : target.description.label
        if (subjects.some((one) => one.label === label)) {
          await target.close()
          throw new UsageError(`the target ${label} is given twice`, 'each one needs to be told from the others')
        }
        subjects.push(await openSubject(label, target, subjects.length + 1))
      }
    }
    const pairs = subjects.flatMap((subject) =>
      samplesOf(subject.target).map((sample): Pair => ({ sample, subject, nanos: [], index: 0, error: undefined })),
    )
    for (const subject of subjects)
      await tryOut(
        subject,
        pairs.filter((pair) => pair.subject === subject),
        note,
      )
    for (const pair of pairs) if (pair.error === undefined) await prepare(pair)
    const order = runtime.chance.stream('profile-order')
    for (let round = 0; round < ROUNDS && !options.signal?.aborted; round++) {
      options.observer?.round?.(round, ROUNDS)
      for (const pair of shuffled(pairs, order, round)) {
        if (options.signal?.aborted) break
        if (pair.error === undefined) await measure(pair, options.timeMillis / ROUNDS, round === 0)
      }
    }
    return {
      title: `Unloaded latency of ${subjects.map(({ label }) => label).join(', ')}`,
      command: options.command,
      seed: options.seed,
      status: options.signal?.aborted ? 'interrupted' : 'complete',
      targets: subjects.map(({ label, target }) => ({ label, description: target.description })),
      rows: rowsOf(pairs),
      notes,
    }
  } finally {
    for (const subject of subjects.reverse()) await closeSubject(subject, note)
    runtime.close()
  }
}

function samplesOf(target: Target): readonly CommandSample[] {
  return target.family === 'redis' ? REDIS_SAMPLES : MEMCACHED_SAMPLES
}

async function openSubject(label: string, target: Target, id: number): Promise<Subject> {
  try {
    const prefix = ownPrefix(target.description)
    const release = target.description.ours ? undefined : target.claimPrefix?.(prefix)
    const client = await target.connect({ deadlineNanos: DEADLINE_NANOS, connections: 1, id })
    return { label, target, client, prefix, ledger: new KeyLedger(prefix), release, silence: new Silence() }
  } catch (error) {
    await target.close()
    throw error
  }
}

async function closeSubject({ label, target, client, ledger, release }: Subject, note: (text: string) => void): Promise<void> {
  const problems: unknown[] = []
  const attempt = async (act: () => unknown) => {
    try {
      await act()
    } catch (error) {
      problems.push(error)
    }
  }
  // Each for itself: a connection that nobody closes would keep the process, and what can't be deleted may be swept.
  if (!target.description.ours) await attempt(() => removeKeys(target, client, ledger))
  await attempt(() => client.close())
  await attempt(() => release?.())
  await attempt(() => target.close())
  if (problems.length > 0) note(`keys may be left at ${label}, where they expire within an hour: ${(problems[0] as Error).message}`)
}

async function removeKeys(target: Target, client: Client, ledger: KeyLedger): Promise<void> {
  const replies = await exchange(client, removalOf(target, ledger.keys))
  const refused = replies.find((reply) => reply instanceof ReplyError)
  if (refused instanceof ReplyError) throw new Error(refused.text)
}

/**
 * Tries every sample once. What this user may not send is told as refused, and so is what rests on keys that could not be
 * prepared. Throws `TargetError` where nothing could be prepared or removed at all.
 */
async function tryOut({ target, client, prefix, label }: Subject, pairs: readonly Pair[], note: (text: string) => void): Promise<void> {
  const keysOf = (command: Command) => command.filter((word) => latin1(word).startsWith(prefix))
  const trials = pairs.map((pair) => ({ pair, commands: commandsOf(pair).filter((command) => keysOf(command).length > 0) }))
  const commands = trials.flatMap((trial) => trial.commands)
  const refusals = await preflightCommands(target, client, {
    commands,
    harmless: commands.filter((command) => /^get$/i.test(commandName(command))).slice(0, 1),
    removal: removalOf(target, [...new Set(commands.flatMap(keysOf))]),
    needs: oneOfEach(pairs.flatMap(commandsOf)).map(commandName),
    largestValueBytes: 0,
  })
  for (const trial of trials) trial.pair.error = refusals.find(({ sent }) => trial.commands.includes(sent))?.text
  const forbidden = refusals.filter(({ kind }) => kind === 'command').map(({ command }) => command)
  if (forbidden.length > 0)
    note(`${label}: ${aclAdditions({ user: target.user ?? 'default', commands: forbidden, keys: false })} allows what is refused`)
}

function removalOf({ family }: Target, keys: readonly Word[]): readonly Command[] {
  if (keys.length === 0) return []
  return family === 'redis' ? [['DEL', ...keys]] : keys.map((key) => ['delete', key])
}

/** What a sample sends, of a hundred commands that only differ in their key the first. */
function commandsOf({ sample, subject: { prefix } }: Pair): readonly Command[] {
  return oneOfEach([...(sample.prepare?.(prefix) ?? []), sample.command(prefix, 0)])
}

/** The first command of each name. */
function oneOfEach(commands: readonly Command[]): readonly Command[] {
  const seen = new Set<string>()
  return commands.filter((command) => seen.size < seen.add(commandName(command)).size)
}

/** What the samples write; they name no other keys. */
async function prepare({ sample, subject }: Pair): Promise<void> {
  const { prefix, client, ledger } = subject
  const commands = [...(sample.prepare?.(prefix) ?? [])]
  for (const command of commands) ledger.note(command, [command[1]!])
  try {
    await exchange(client, commands)
  } catch (error) {
    throw new TargetError('TARGET_UNUSABLE', `${subject.label}: the connection was lost while keys were prepared: ${(error as Error).message}`)
  }
}

async function measure(pair: Pair, millis: number, first: boolean): Promise<void> {
  const { sample, subject, nanos } = pair
  const { client, prefix, silence } = subject
  if (silence.isCertain) {
    pair.error = 'the endpoint has fallen silent'
    return
  }
  const ask = async () => {
    const command = sample.command(prefix, pair.index++)
    const [reply] = await exchange(client, [command])
    if (reply instanceof ReplyError) throw new Error(reply.text)
    checkAnswer(command, reply!)
  }
  const begun = performance.now()
  try {
    await ask()
  } catch (error) {
    failed(pair, error)
    return
  }
  const warmUps = Math.min(first ? WARM_UP_ITERATIONS : WAKE_UP_ITERATIONS, Math.floor(WARM_UP_MILLIS / (performance.now() - begun)))
  const bench = new Bench({
    time: millis,
    iterations: 1,
    warmup: warmUps > 0,
    warmupTime: 0,
    // Later rounds only wake the connection up.
    warmupIterations: warmUps,
    retainSamples: true,
    timestampProvider: 'hrtimeNow',
  })
  bench.add(sample.name, ask)
  await bench.run()
  const { result } = bench.tasks[0]!
  if (result.state === 'errored') failed(pair, result.error)
  else silence.count()
  if (result.state === 'completed') for (const sampleMillis of result.latency.samples ?? []) nanos.push(sampleMillis * 1e6)
}

function failed(pair: Pair, error: unknown): void {
  pair.error = (error as Error).message
  pair.subject.silence.count(error)
}

function rowsOf(pairs: readonly Pair[]): ProfileRow[] {
  const byDeed = new Map<string, Pair[]>()
  for (const pair of pairs) byDeed.set(pair.sample.does, [...(byDeed.get(pair.sample.does) ?? []), pair])
  return [...byDeed.values()].flatMap((group): ProfileRow[] => {
    const results = group.flatMap((pair): ProfileResult[] => resultOf(pair))
    return results.length === 0 ? [] : [{ command: [...new Set(group.map(({ sample }) => sample.name))].join(' / '), results }]
  })
}

/** None where an interruption came first. */
function resultOf({ subject, nanos, error }: Pair): ProfileResult[] {
  if (error !== undefined) return [failedResult(subject.label, error)]
  return nanos.length === 0 ? [] : [summarizeSamples(subject.label, nanos)]
}

/** Fisher and Yates', another one each round. */
function shuffled<T>(list: readonly T[], stream: Stream, round: number): T[] {
  const result = [...list]
  for (let i = result.length - 1; i > 0; i--) {
    const j = stream.uint32(i, round) % (i + 1)
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}
