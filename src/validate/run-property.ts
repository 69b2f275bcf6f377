import { markedEndpoint } from '../../properties/memcached/marked-endpoint.ts'
import { referenceEndpoint } from '../../properties/memcached/reference-endpoint.ts'
import { openSocketExchange } from '../../properties/memcached/socket-exchange.ts'
import type { Endpoint, Property, PropertyResult } from '../../properties/property.ts'
import { engineEndpoint } from '../../properties/redis/engine-endpoint.ts'
import { TargetError } from '../client/target-error.ts'
import { ReplyError } from '../protocol/reply.ts'
import { type Runtime, SECOND } from '../runtime/runtime.ts'
import type { Target } from '../targets/target.ts'
import type { Reference } from './choose-reference.ts'
import { clientEndpoint } from './client-endpoint.ts'
import { withWallAhead } from './clock-skew.ts'
import type { CommandJudge } from './command-rules.ts'
import { guardedPair, type Refusals } from './guarded-pair.ts'
import type { KeyLedger } from './key-ledger.ts'

/** What all properties of one validation share. */
export interface PropertyBench {
  readonly target: Target
  /** Where a bare socket can be opened, for a memcached that knows meta commands. */
  readonly memcachedSocket: { readonly host: string; readonly port: number } | undefined
  readonly runtime: Runtime
  /** How far the endpoint's wall clock is ahead of ours; the reference is given the endpoint's. */
  readonly skewMicros: number
  readonly reference: Reference
  readonly prefix: string
  readonly runs: number
  readonly seed: number
  readonly path: string | undefined
  readonly judge: CommandJudge
  readonly serverAllowed: boolean
  readonly ledger: KeyLedger
  readonly refusals: Refusals
  readonly signal: AbortSignal | undefined
  /** A small integer, another one each time. */
  nextClientId(): number
}

/** One property over one protocol. */
export interface ProtocolRun {
  readonly protocol: 2 | 3
  readonly result: PropertyResult
  /** Commands sent to the endpoint in the attempt that counts. */
  readonly sent: number
  /** Commands left out for a reason worth telling, with it. */
  readonly leftOut: ReadonlyMap<string, string>
  /** What ended it, where something of the connection did. */
  readonly trouble?: unknown
}

/** Each command is refused once at most, so this bounds nothing but mistakes. */
const MAX_ATTEMPTS = 300
const DEADLINE_NANOS = 10 * SECOND

/**
 * Runs a property over a connection of its own. A command that the endpoint turns out to refuse is left out and the
 * property begun again. A lost connection is an unknown outcome; the promise rejects only when none can be made.
 */
export async function runProperty(
  property: Property,
  protocol: 2 | 3,
  bench: PropertyBench,
  onSequence: (sequences: number) => void,
): Promise<ProtocolRun> {
  const leftOut = new Map<string, string>()
  for (let attempt = 0; ; attempt++) {
    const subject = await openSubject(protocol, bench)
    try {
      const refusal = protocol === 3 ? await switchToResp3(subject) : undefined
      if (refusal !== undefined) return { protocol, sent: 0, leftOut, result: untested(property, bench, refusal.why), trouble: refusal.trouble }
      const { prefix, path, judge, ledger, refusals, signal } = bench
      const pair = guardedPair({
        reference: newReference(property, protocol, bench),
        subject,
        judge,
        ledger,
        refusals,
        leftOut,
        signal,
      })
      const result = await inBatches(bench, (batch) =>
        property.run({
          reference: pair.reference,
          subject: pair.subject,
          prefix,
          runs: batch.runs,
          seed: batch.seed,
          reach: bench.serverAllowed ? 'server' : 'connection',
          ...(path === undefined ? {} : { path }),
          onProgress(sequences) {
            onSequence(batch.before + sequences)
            return signal?.aborted ? false : undefined
          },
        }),
      )
      if (!pair.metRefusal() || attempt === MAX_ATTEMPTS) return { protocol, result, sent: pair.sent(), leftOut, trouble: pair.trouble() }
    } finally {
      await subject.close()
    }
  }
}

/** fast-check draws all its sequences, also those that nobody will run any more: this bounds how long Ctrl-C takes. */
const BATCH = 200

/** The n-th batch has seed + n; a counterexample names the seed of its own batch, so its replay needs no batches. */
async function inBatches(
  { runs, seed, path, signal }: PropertyBench,
  run: (batch: { readonly runs: number; readonly seed: number; readonly before: number }) => Promise<PropertyResult>,
): Promise<PropertyResult> {
  if (path !== undefined) return run({ runs: 1, seed, before: 0 })
  let merged: PropertyResult | undefined
  for (let batch = 0; batch * BATCH < runs; batch++) {
    const result = await run({ runs: Math.min(BATCH, runs - batch * BATCH), seed: seed + batch, before: merged?.sequences ?? 0 })
    merged = merged === undefined ? result : joined(merged, result)
    if (merged.outcome !== 'holds' || signal?.aborted) break
  }
  return merged!
}

function joined(before: PropertyResult, result: PropertyResult): PropertyResult {
  const coverage = { ...before.coverage }
  for (const [name, count] of Object.entries(result.coverage)) coverage[name] = (coverage[name] ?? 0) + count
  return { ...result, coverage, sequences: before.sequences + result.sequences, commands: before.commands + result.commands }
}

function newReference(property: Property, protocol: 2 | 3, { runtime, skewMicros, reference }: PropertyBench): Endpoint {
  const create = reference.createEngine
  const own = withWallAhead(runtime, skewMicros)
  return property.family === 'redis' ? engineEndpoint(own, create, protocol) : referenceEndpoint(own, create)
}

interface Subject extends Endpoint {
  close(): Promise<void>
}

/**
 * The endpoint's side. Memcached's is a bare socket where it knows meta commands: then everything can be compared, also
 * what asks for silence or is malformed, which no client can send.
 */
async function openSubject(protocol: 2 | 3, { target, memcachedSocket, nextClientId }: PropertyBench): Promise<Subject> {
  const { label } = target.description
  if (memcachedSocket !== undefined) {
    const { host, port } = memcachedSocket
    try {
      const link = await openSocketExchange(label, host, port)
      return { ...markedEndpoint(link), close: async () => link.close() }
    } catch (error) {
      throw new TargetError('TARGET_UNREACHABLE', (error as Error).message)
    }
  }
  const client = await target.connect({ deadlineNanos: DEADLINE_NANOS, connections: 1, id: nextClientId() })
  return { ...clientEndpoint(client, label, protocol), close: () => client.close() }
}

async function switchToResp3(subject: Endpoint): Promise<{ readonly why: string; readonly trouble?: unknown } | undefined> {
  try {
    const [reply] = await subject.execute([['HELLO', '3']])
    return reply instanceof ReplyError ? { why: `the endpoint refuses RESP3: ${reply.text}` } : undefined
  } catch (error) {
    return { why: (error as Error).message, trouble: error }
  }
}

function untested(property: Property, { seed }: PropertyBench, reason: string): PropertyResult {
  return { id: property.id, seed, sequences: 0, commands: 0, coverage: {}, outcome: 'unknown', reason }
}
