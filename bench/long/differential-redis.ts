import type { PropertyBroken, PropertyResult, PropertyUnknown } from '../../properties/property.ts'
import { allRedisProperties } from '../../properties/redis/all-redis-properties.ts'
import { engineEndpoint } from '../../properties/redis/engine-endpoint.ts'
import { connectEndpoint } from '../../properties/redis/socket-endpoint.ts'
import { findRedisProfile } from '../../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../../src/engine/redis/redis-engine.ts'
import { createRealRuntime } from '../../src/runtime/real-runtime.ts'
import type { Runtime } from '../../src/runtime/runtime.ts'
import { startLocalServer } from '../../src/targets/local/local-server.ts'

export interface DifferentialOptions {
  readonly kind: 'redis' | 'valkey'
  readonly host: string
  readonly port: number
  readonly runtime: Runtime
  /** In all, shared out evenly over properties and protocols. */
  readonly sequences: number
  readonly seed: number
  /** Sequences already done by an earlier call with the same settings; whole slices are skipped. */
  readonly resumeFrom?: number
  /** Only these properties ("redis/strings"). */
  readonly only?: readonly string[]
  onProgress?(done: number): void
}

export interface DifferentialResult {
  readonly kind: 'redis' | 'valkey'
  readonly version: string
  readonly seed: number
  readonly sequences: number
  readonly commands: number
  readonly broken: readonly (PropertyBroken & { readonly protocol: 2 | 3 })[]
  readonly unknown: readonly (PropertyUnknown & { readonly protocol: 2 | 3 })[]
  /** How often each command was sent. */
  readonly coverage: Readonly<Record<string, number>>
}

/** Both servers' results, as `npm run long` keeps them. */
export interface DifferentialRedisReport {
  readonly ok: boolean
  readonly results: readonly DifferentialResult[]
}

/**
 * For `npm run long -- differential-redis [--sequences N] [--seed N]`: starts a server of each kind and compares
 * `sequences` (10,000) with each. A run that was stopped goes on where it was; what was found before it stopped
 * is found again only if it lies after that place, so a broken run is to be repeated whole.
 */
export async function run(options: {
  readonly sequences?: number
  readonly seed?: number
  readonly resume?: Readonly<Record<string, number>> | undefined
  progress(progress: Readonly<Record<string, number>>, line?: string): void
}): Promise<DifferentialRedisReport> {
  const { sequences = 10_000, seed = 1 } = options
  const runtime = createRealRuntime({ seed })
  const progress: Record<string, number> = { ...options.resume }
  const results: DifferentialResult[] = []
  try {
    for (const kind of ['redis', 'valkey'] as const) {
      const server = await startLocalServer({ kind })
      try {
        const result = await runDifferentialRedis({
          kind,
          host: server.host,
          port: server.port,
          runtime,
          sequences,
          seed,
          resumeFrom: progress[kind] ?? 0,
          onProgress: (done) => {
            progress[kind] = done
            options.progress(progress, done % 1000 === 0 ? `${kind}: ${done} of ${sequences} sequences` : undefined)
          },
        })
        results.push(result)
      } finally {
        await server.stop()
      }
    }
  } finally {
    runtime.close()
  }
  return { ok: results.every((result) => result.broken.length === 0 && result.unknown.length === 0), results }
}

/** Sequences of one slice: a property, a protocol and a seed of its own. Resuming starts at a slice. */
const SLICE = 50

/**
 * The reference engine against a real server, property after property, in slices that rotate through everything,
 * so that a run cut short has still covered it all. A broken property is reported once and then left out.
 */
export async function runDifferentialRedis(options: DifferentialOptions): Promise<DifferentialResult> {
  const profile = findRedisProfile(options.kind)!
  const properties = allRedisProperties.filter((property) => !options.only || options.only.includes(property.id))
  const broken: DifferentialResult['broken'][number][] = []
  const unknown: DifferentialResult['unknown'][number][] = []
  const coverage: Record<string, number> = {}
  let done = 0
  let commands = 0
  for (let slice = 0; done < options.sequences; slice++) {
    const property = properties[slice % properties.length]!
    const protocol = Math.floor(slice / properties.length) % 2 === 0 ? 2 : 3
    const runs = Math.min(SLICE, options.sequences - done)
    const skipped = done + runs <= (options.resumeFrom ?? 0) || broken.some((result) => result.id === property.id && result.protocol === protocol)
    if (!skipped) {
      const result = await runSlice(property, protocol, runs, options.seed + slice)
      commands += result.commands
      for (const [name, count] of Object.entries(result.coverage)) coverage[name] = (coverage[name] ?? 0) + count
      if (result.outcome === 'broken') broken.push({ ...result, protocol })
      else if (result.outcome === 'unknown') unknown.push({ ...result, protocol })
    }
    done += runs
    options.onProgress?.(done)
  }
  return { kind: options.kind, version: profile.version, seed: options.seed, sequences: done, commands, broken, unknown, coverage }

  async function runSlice(property: (typeof properties)[number], protocol: 2 | 3, runs: number, seed: number): Promise<PropertyResult> {
    const subject = await connectEndpoint(options.host, options.port, protocol, `${options.kind} at ${options.host}:${options.port}`)
    try {
      const reference = engineEndpoint(options.runtime, (engineOptions) => createRedisEngine(profile, engineOptions), protocol)
      return await property.run({ reference, subject, prefix: 'cacheproof:', runs, seed })
    } finally {
      subject.close()
    }
  }
}
