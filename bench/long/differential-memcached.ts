import { MEMCACHED_PROPERTIES } from '../../properties/memcached/all-memcached-properties.ts'
import { markedEndpoint } from '../../properties/memcached/marked-endpoint.ts'
import { referenceEndpoint } from '../../properties/memcached/reference-endpoint.ts'
import { openSocketExchange } from '../../properties/memcached/socket-exchange.ts'
import type { Property, PropertyBroken, PropertyResult, PropertyUnknown } from '../../properties/property.ts'
import { createMemcachedEngine } from '../../src/engine/memcached/memcached-engine.ts'
import { findMemcachedProfile } from '../../src/engine/memcached/profiles.ts'
import { createRealRuntime } from '../../src/runtime/real-runtime.ts'
import { startLocalServer } from '../../src/targets/local/local-server.ts'

export interface DifferentialMemcachedOptions {
  /** In all, shared out evenly over the properties; 10,000 unless told. */
  readonly sequences?: number
  readonly seed?: number
  /** Sequences already done by an earlier call with the same settings; whole slices are skipped. */
  readonly resumeFrom?: number
  /** Only these properties ("memcached/cas"). */
  readonly only?: readonly string[]
  onProgress?(done: number): void
}

export interface DifferentialMemcachedResult {
  /** Of the memcached found on this machine. */
  readonly version: string
  readonly seed: number
  readonly sequences: number
  readonly commands: number
  readonly broken: readonly PropertyBroken[]
  readonly unknown: readonly PropertyUnknown[]
  /** How often each command was sent. */
  readonly coverage: Readonly<Record<string, number>>
}

/** Sequences of one slice: one property with a seed of its own. Resuming starts at a slice. */
const SLICE = 50

/**
 * The memcached engine against the real server, in slices that rotate through all properties, so that a run cut
 * short has covered them all. Starts the server itself. A broken property is reported once and then left out.
 */
export async function runDifferentialMemcached(options: DifferentialMemcachedOptions): Promise<DifferentialMemcachedResult> {
  const { sequences = 10_000, seed = 1 } = options
  const properties = MEMCACHED_PROPERTIES.filter((property) => !options.only || options.only.includes(property.id))
  const server = await startLocalServer({ kind: 'memcached', args: ['-m', '64'] })
  const runtime = createRealRuntime({ seed })
  const profile = findMemcachedProfile(server.version)
  // One engine for the whole run, as there is one server: a flush_all that was put off outlives its slice.
  const reference = referenceEndpoint(runtime, (engineOptions) => createMemcachedEngine(profile, engineOptions))
  const broken: PropertyBroken[] = []
  const unknown: PropertyUnknown[] = []
  const coverage: Record<string, number> = {}
  let done = 0
  let commands = 0
  try {
    for (let slice = 0; done < sequences; slice++) {
      const property = properties[slice % properties.length]!
      const runs = Math.min(SLICE, sequences - done)
      const skipped = done + runs <= (options.resumeFrom ?? 0) || broken.some((result) => result.id === property.id)
      if (!skipped) {
        const result = await runSlice(property, runs, seed + slice)
        commands += result.commands
        for (const [name, count] of Object.entries(result.coverage)) coverage[name] = (coverage[name] ?? 0) + count
        if (result.outcome === 'broken') broken.push(result)
        else if (result.outcome === 'unknown') unknown.push(result)
      }
      done += runs
      options.onProgress?.(done)
    }
  } finally {
    runtime.close()
    await server.stop()
  }
  return { version: server.version, seed, sequences: done, commands, broken, unknown, coverage }

  async function runSlice(property: Property, runs: number, sliceSeed: number): Promise<PropertyResult> {
    const socket = await openSocketExchange(`memcached ${server.version}`, server.host, server.port)
    try {
      return await property.run({ reference, subject: markedEndpoint(socket), prefix: 'cacheproof:', runs, seed: sliceSeed, reach: 'server' })
    } finally {
      socket.close()
    }
  }
}

/** For `npm run long -- differential-memcached [--sequences N] [--seed N]`. */
export async function run(options: {
  sequences?: number
  seed?: number
  resume?: number
  progress(done: number, line?: string): void
}): Promise<DifferentialMemcachedResult & { readonly ok: boolean }> {
  const { sequences = 10_000, seed = 1, resume = 0 } = options
  const result = await runDifferentialMemcached({
    sequences,
    seed,
    resumeFrom: resume,
    onProgress: (done) => options.progress(done, done % 1_000 === 0 ? `${done} of ${sequences} sequences` : undefined),
  })
  return { ...result, ok: result.broken.length === 0 && result.unknown.length === 0 }
}
