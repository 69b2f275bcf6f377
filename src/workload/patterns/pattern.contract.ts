import { describe, expect, test } from 'vitest'
import type { Runtime, Task } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { namesInPieces } from '../../targets/name-range.ts'
import { callCommands } from '../../targets/preflight/call-commands.ts'
import { commandName } from '../../targets/preflight/try-commands.ts'
import { createKeyChooser } from '../keys/create-key-chooser.ts'
import type { MixDefinition } from '../mix.ts'
import type { OperationResult, Pattern, PatternContext, PatternDefinition, ProbeRow, World } from '../pattern.ts'
import { createValueMaker } from '../values/create-value-maker.ts'

/** The world a pattern is tried in: a cache and a database whose calls are listed and can be made to fail. */
export interface PatternBed {
  readonly calls: readonly PatternBedCall[]
  readonly probes: readonly ProbeRow[]
  /** What the cache holds, by full name; `expiresAt` is Infinity without a time to live. */
  readonly entries: ReadonlyMap<string, { readonly expiresAt: number }>
  fault: ((call: PatternBedCall, number: number) => { readonly status: 'fail' | 'info'; readonly applied: boolean } | undefined) | undefined
  load(rows: Iterable<{ readonly key: string; readonly value: Uint8Array }>): void
  worldOf(task: Task, operation: number): World
}

export interface PatternBedCall {
  readonly operation: number
  readonly layer: 'cache' | 'database'
  readonly fn: string
  readonly key: string
  readonly ttlMillis: number | undefined
  /** What else was asked: a member and its points, a range. */
  readonly detail: string
}

export interface PatternSubject<Settings> {
  readonly definition: PatternDefinition<Settings>
  /** As under `with:` in a workload file; one run of the suite each. */
  readonly settings: readonly object[]
  createBed(runtime: Runtime): PatternBed
  /** Reads and writes go on without the cache, because the database has everything. */
  readonly survivesWithoutCache: boolean
}

export const PREFIX = 'own:cell:'
const OPERATIONS = 600

/** What a cell would hand to the pattern. */
export function patternContext<Settings>(
  definition: Pick<PatternDefinition<Settings>, 'settings'>,
  given: object,
  runtime: Runtime,
  options: { readonly instance?: number; readonly instances?: number; readonly keys?: number } = {},
): PatternContext<Settings> {
  return {
    settings: definition.settings.parse(given),
    keys: createKeyChooser({ count: options.keys ?? 40, popularity: { kind: 'zipf', exponent: 0.9 } }, runtime.chance.stream('keys')),
    values: createValueMaker({ size: { kind: 'lognormal', medianBytes: 200, p99Bytes: 800 }, compressible: 0.5 }, runtime.chance.stream('values')),
    stream: (concern) => runtime.chance.stream(`pattern ${concern}`),
    keyName: (suffix) => `${PREFIX}${suffix}`,
    instance: options.instance ?? 0,
    instances: options.instances ?? 1,
    safetyTtlMillis: 3_600_000,
  }
}

/** Runs operations [from, to), `users` at a time, and gives what they returned, by index. */
export async function runOperations(
  runtime: Runtime,
  bed: Pick<PatternBed, 'worldOf'>,
  pattern: Pattern,
  from: number,
  to: number,
  users = 8,
): Promise<readonly OperationResult[]> {
  const results: OperationResult[] = []
  await runtime.run('load', (parent) =>
    parent.wait('users', (settle) => {
      let next = from
      let left = users
      for (let user = 0; user < users; user++) {
        runtime.spawn(
          `user ${user}`,
          async (task) => {
            for (;;) {
              const index = next++
              if (index >= to) return
              results[index - from] = await pattern.operation(index, bed.worldOf(task, index))
            }
          },
          (error) => {
            if (error !== undefined) throw error
            if (--left === 0) settle(undefined)
          },
        )
      }
    }),
  )
  return results
}

/** The conformance suite of every pattern. */
export function patternContract<Settings>(subject: PatternSubject<Settings>): void {
  const { definition } = subject

  describe.each(subject.settings)(`pattern contract: ${definition.name} with %j`, (given) => {
    const prepare = (seed = 5) => {
      const runtime = createVirtualRuntime({ seed })
      const bed = subject.createBed(runtime)
      const pattern = definition.create(patternContext(definition, given, runtime))
      bed.load(pattern.rows?.() ?? [])
      return { runtime, bed, pattern }
    }
    const verify = ({ runtime, bed, pattern }: ReturnType<typeof prepare>, lastIndex = OPERATIONS - 1) =>
      runtime.run('verify', async (task) => pattern.verify?.(bed.worldOf(task, -1), lastIndex))

    test('operations end well, in classes that are declared', async () => {
      const tried = prepare()
      const results = await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
      expect(results).toHaveLength(OPERATIONS)
      for (const result of results) {
        expect(result.status).toBe('ok')
        expect(result.error ?? '').toBe('')
        expectDeclared(result)
      }
      await verify(tried)
    })

    test('what an operation asks for is a pure function of seed and index', async () => {
      const indices = Array.from({ length: 60 }, (_, step) => step * 7)
      const askedBy = async (instance: number, order: readonly number[]) => {
        const asked = new Map<number, string>()
        const patternRuntime = createVirtualRuntime({ seed: 5 })
        const pattern = definition.create(patternContext(definition, given, patternRuntime, { instance, instances: 3 }))
        for (const index of order) {
          // A world of its own: what it finds is the same for both.
          const runtime = createVirtualRuntime({ seed: 5 })
          const bed = subject.createBed(runtime)
          bed.load(pattern.rows?.() ?? [])
          await runOperations(runtime, bed, pattern, index, index + 1, 1)
          asked.set(index, bed.calls.map((call) => `${call.fn} ${call.key} ${call.ttlMillis} ${call.detail}`).join(', '))
        }
        return asked
      }
      const forward = await askedBy(0, indices)
      const backward = await askedBy(2, [...indices].reverse())
      for (const index of indices) expect(backward.get(index)).toBe(forward.get(index))
      expect(new Set(forward.values()).size).toBeGreaterThan(5)
    })

    test('the same seed gives the same calls, results and trace', async () => {
      const once = async () => {
        const tried = prepare()
        const results = await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
        await verify(tried)
        return { results, calls: tried.bed.calls, probes: tried.bed.probes, hash: tried.runtime.traceHash() }
      }
      expect(await once()).toEqual(await once())
    })

    test('every key in the cache is under the own prefix and has a time to live', async () => {
      const tried = prepare()
      await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
      await verify(tried)
      for (const call of tried.bed.calls) if (call.layer === 'cache') expect(call.key.startsWith(PREFIX)).toBe(true)
      for (const [name, entry] of tried.bed.entries) expect(Number.isFinite(entry.expiresAt), name).toBe(true)
      if (definition.usesCache) expect(tried.bed.entries.size).toBeGreaterThan(0)
    })

    test('says by what names its keys may go, so that they can be removed', async () => {
      if (!definition.names) return
      const tried = prepare()
      await tried.runtime.run('fill', async (task) => void (await tried.pattern.fill?.(tried.bed.worldOf(task, -1), { ratePerSecond: 100 })))
      await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
      const { keys } = patternContext(definition, given, tried.runtime)
      const names = definition.names(definition.settings.parse(given), { keys: keys.count, operations: OPERATIONS })
      const named = new Set([...namesInPieces(names, 100)].flat())
      for (const name of tried.bed.entries.keys()) expect(named).toContain(name.slice(PREFIX.length))
      // No more than can be sent in a second or two.
      expect(named.size).toBeLessThan(3 * (keys.count + OPERATIONS) + 4000)
    })

    test('asks only for what it says it uses', async () => {
      const tried = prepare()
      await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
      const layers = new Set(tried.bed.calls.map((call) => call.layer))
      expect(layers.has('cache')).toBe(definition.usesCache)
      expect(layers.has('database')).toBe(definition.usesDatabase)
    })

    test('declares the calls that it makes, no more and no less', async () => {
      const made = new Set<string>()
      const tryWith = async (fault?: PatternBed['fault']) => {
        const tried = prepare()
        tried.bed.fault = fault
        await tried.runtime.run('prepare', async (task) => tried.pattern.prepare?.(tried.bed.worldOf(task, -1)))
        await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
        await verify(tried)
        for (const { layer, fn } of tried.bed.calls) if (layer === 'cache') made.add(fn)
      }
      await tryWith()
      // What is done only where something failed, or may have.
      for (const status of ['fail', 'info'] as const) await tryWith(oneInThree(status))
      expect([...made].sort()).toEqual([...definition.calls(definition.settings.parse(given))].sort())
    })

    const always = { 'refuses all': ['fail', false], 'never answers': ['info', false], 'never answers what it does': ['info', true] } as const
    test.each(Object.entries(always))('a cache that %s breaks no program', async (_, [status, applied]) => {
      const tried = prepare()
      tried.bed.fault = (call) => (call.layer === 'cache' ? { status, applied } : undefined)
      const results = await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
      const asked = new Set(tried.bed.calls.flatMap(({ layer, operation }) => (layer === 'cache' ? [operation] : [])))
      for (const [index, result] of results.entries()) {
        expectDeclared(result)
        if (definition.usesCache && (asked.has(index) || result.fn !== 'write')) expect(result.error ?? '').not.toBe('')
        if (subject.survivesWithoutCache) expect(result.status).toBe('ok')
        else expect(result.status).not.toBe('ok')
      }
      await verify(tried)
    })

    test.each(['fail', 'info'] as const)('a third of all calls ending as %s breaks no program', async (status) => {
      const tried = prepare()
      tried.bed.fault = oneInThree(status)
      const results = await runOperations(tried.runtime, tried.bed, tried.pattern, 0, OPERATIONS)
      const statuses = new Set(results.map((result) => result.status))
      expect(statuses.has('ok')).toBe(true)
      expect(statuses.size).toBeGreaterThan(1)
      for (const result of results) expectDeclared(result)
      await verify(tried)
    })

    test('verify before any operation is no error', async () => {
      await verify(prepare(), -1)
    })
  })

  describe(`pattern contract: ${definition.name}`, () => {
    test('an unknown setting is refused, none at all is fine', () => {
      expect(definition.settings.safeParse({}).success).toBe(true)
      expect(definition.settings.safeParse({ tll: '60s' }).success).toBe(false)
    })

    test('is described', () => {
      expect(definition.summary).toMatch(/^\S.{20,160}$/)
      expect(definition.codePaths).toBeGreaterThan(0)
      expect(new Set(definition.classes.map((one) => one.name)).size).toBe(definition.classes.length)
      for (const { name, cache, kind } of definition.classes) {
        // `check` reads hits and misses off the names.
        expect(/\bhit$/.test(name)).toBe(cache === 'hit')
        expect(/\bmiss$/.test(name)).toBe(cache === 'miss')
        if (cache) expect(kind).toBe('read')
      }
    })
  })

  function oneInThree(status: 'fail' | 'info'): PatternBed['fault'] {
    const chance = createVirtualRuntime({ seed: 9 }).chance.stream('faults')
    return (_, number) => (chance.uniform(number) < 1 / 3 ? { status, applied: chance.uniform(number, 1) < 0.5 } : undefined)
  }

  function expectDeclared(result: OperationResult): void {
    expect(definition.classes.map((one) => one.name)).toContain(result.class)
    expect(Number.isInteger(result.key)).toBe(true)
    expect(result.fn).not.toBe('')
  }
}

/** That the commands of a mix are those of the calls that it declares, no more and no less, on either family. */
export function expectDeclaredCalls<Settings>(definition: MixDefinition<Settings>, given: object): void {
  const settings = definition.settings.parse(given)
  for (const family of ['redis', 'memcached'] as const) {
    const runtime = createVirtualRuntime({ seed: 5 })
    const program = definition.create({ ...patternContext(definition, given, runtime), family })
    const sent = new Set([commandName(program.fill(0))])
    for (let index = 0; index < OPERATIONS; index++) sent.add(commandName(program.next(index)))
    const declared = callCommands(family, definition.calls(settings), { prefix: PREFIX, valueBytes: 0 }).map(commandName)
    expect([...sent].sort(), `commands for ${family}`).toEqual([...new Set(declared)].sort())
  }
}
