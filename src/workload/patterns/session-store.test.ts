import { describe, expect, test } from 'vitest'
import { MemoryWorld } from '../../../test/support/memory-world.ts'
import { dropDeletes, dropSets, type PlantedCache, serveExpired, withPlantedCache } from '../../../test/support/planted-cache.ts'
import { sessionStoreLocalMemory } from '../../../test/support/session-store-local-memory.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import type { OperationResult, PatternDefinition, World } from '../pattern.ts'
import { patternContext, runOperations } from './pattern.contract.ts'
import { createSessionPlan, type SessionStep } from './session-plan.ts'
import { type SessionStoreSettings, sessionStore } from './session-store.ts'

const GIVEN = { active: 16, login: '10%', update: '30%' }

function stage(options: { given?: object; wrap?: PlantedCache; instances?: number; definition?: PatternDefinition<SessionStoreSettings> } = {}) {
  const runtime = createVirtualRuntime({ seed: 4 })
  const bed = new MemoryWorld(runtime)
  const instances = options.instances ?? 1
  const base = options.definition ?? sessionStore
  const definition = options.wrap ? withPlantedCache(base, options.wrap) : base
  const contexts = Array.from({ length: instances }, (_, instance) =>
    patternContext(definition, { ...GIVEN, ...options.given }, runtime, { instance, instances }),
  )
  const patterns = contexts.map((context) => definition.create(context))
  bed.load(patterns[0]!.rows!())
  const plan = createSessionPlan(contexts[0]!.settings, (concern) => contexts[0]!.stream(concern))
  /** The operations of one session that ends with a logout, in order. */
  const story = (kinds: readonly SessionStep['kind'][]) => {
    const byKind = new Map<SessionStep['kind'], number[]>()
    for (let session = 16; ; session++) {
      byKind.clear()
      for (let index = 0; index < 16 * 60; index++) {
        const step = plan.step(index)
        if (step.session === session) byKind.set(step.kind, [...(byKind.get(step.kind) ?? []), index])
      }
      if (kinds.every((kind) => (byKind.get(kind)?.length ?? 0) >= kinds.filter((one) => one === kind).length)) return byKind
    }
  }
  const play = (scene: (operate: (index: number) => Promise<OperationResult>, world: World) => Promise<void>) =>
    runtime.run('scene', (task) => scene((index) => patterns[index % instances]!.operation(index, bed.worldOf(task, index)), bed.worldOf(task, -1)))
  return { runtime, bed, patterns, story, play, plan }
}

describe('session-store', () => {
  test('login, read, update, logout: versions are carried back', async () => {
    const { story, play } = stage()
    const at = story(['login', 'read', 'update', 'read', 'update', 'logout', 'return'])
    await play(async (operate) => {
      expect(await operate(at.get('login')![0]!)).toMatchObject({ class: 'login', fn: 'login', arg: 1, status: 'ok' })
      expect(await operate(at.get('read')![0]!)).toMatchObject({ class: 'session hit', fn: 'read', ret: 1, status: 'ok' })
      expect(await operate(at.get('update')![0]!)).toMatchObject({ class: 'update', fn: 'update', arg: 2, ret: 1, status: 'ok' })
      expect(await operate(at.get('update')![1]!)).toMatchObject({ class: 'update', arg: 3, ret: 2 })
      expect(await operate(at.get('read')![1]!)).toMatchObject({ ret: 3 })
      expect(await operate(at.get('logout')![0]!)).toMatchObject({ class: 'logout', fn: 'logout', ret: 1, status: 'ok' })
      const returned = await operate(at.get('return')![0]!)
      expect(returned).toMatchObject({ class: 'return gone', fn: 'read', status: 'ok' })
      expect(returned.ret).toBeUndefined()
    })
  })

  test('of a whole run nothing is missing, whoever serves it', async () => {
    const { runtime, bed, patterns } = stage({ instances: 3, given: { active: 160 } })
    const results = await runOperations(runtime, bed, shared(patterns), 0, 5000, 4)
    const classes = new Set(results.map((result) => result.class))
    expect(classes).toEqual(new Set(['login', 'session hit', 'update', 'logout', 'return found', 'return gone']))
    await runtime.run('verify', (task) => patterns[1]!.verify!(bed.worldOf(task, -1), 4999))
    expect(bed.probes.length).toBeGreaterThan(3)
    for (const probe of bed.probes) expect(probe).toMatchObject({ fn: 'read', outcome: 'session hit' })
  })

  test('who made no operation himself reads back all the same', async () => {
    const { runtime, bed, patterns } = stage({ instances: 3, given: { active: 160 } })
    await runOperations(runtime, bed, shared(patterns.slice(0, 2)), 0, 5000, 4)
    await runtime.run('verify', (task) => patterns[2]!.verify!(bed.worldOf(task, -1), 4999))
    expect(bed.probes.length).toBeGreaterThan(100)
    expect(new Set(bed.probes.map(({ outcome }) => outcome))).toEqual(new Set(['session hit']))
  })

  test.each([
    ['sliding', 'session hit'],
    ['absolute', 'session miss'],
  ])('%s: a read in between, then %s', async (touch, expected) => {
    const { story, play } = stage({ given: { ttl: '1s', touch } })
    const at = story(['login', 'read', 'read'])
    await play(async (operate, world) => {
      await operate(at.get('login')![0]!)
      await world.sleep(0.7 * SECOND)
      expect((await operate(at.get('read')![0]!)).class).toBe('session hit')
      await world.sleep(0.7 * SECOND)
      expect((await operate(at.get('read')![1]!)).class).toBe(expected)
    })
  })

  test('a login that can not be stored did not happen for the user', async () => {
    const { story, play, bed } = stage()
    const at = story(['login', 'read'])
    await play(async (operate) => {
      bed.fault = (call) => (call.fn === 'set' ? { status: 'info', applied: false } : undefined)
      expect(await operate(at.get('login')![0]!)).toMatchObject({ class: 'login', arg: 1, status: 'info', error: 'timeout' })
      bed.fault = (call) => (call.layer === 'database' ? { status: 'info', applied: false } : undefined)
      // The session was not even tried to be stored.
      expect(await operate(at.get('login')![0]!)).toMatchObject({ status: 'fail', error: 'timeout' })
    })
  })

  test('another one’s session is refused', async () => {
    const { story, play, bed } = stage()
    const at = story(['login', 'read', 'update'])
    const other = stage().plan
    await play(async (operate) => {
      await operate(at.get('login')![0]!)
      const mine = other.step(at.get('login')![0]!).session
      await operate(at.get('login')![0]!)
      const [name, entry] = [...bed.entries].find(([key]) => key.endsWith(`session:${mine}`))!
      const value = Buffer.from(entry.value as Uint8Array)
      bed.entries.set(name, { ...entry, value: value.subarray(0, value.length - 1) })
      expect(await operate(at.get('read')![0]!)).toMatchObject({ class: 'session error', status: 'fail', error: 'torn' })
      expect(await operate(at.get('update')![0]!)).toMatchObject({ class: 'update', status: 'fail', error: 'torn' })
    })
  })
})

describe('planted faults show in what the session store returns', () => {
  test('a lost logout: found by the one who comes back', async () => {
    const { story, play } = stage({ wrap: dropDeletes(1) })
    const at = story(['login', 'logout', 'return'])
    await play(async (operate) => {
      await operate(at.get('login')![0]!)
      expect(await operate(at.get('logout')![0]!)).toMatchObject({ ret: 1, status: 'ok' })
      expect(await operate(at.get('return')![0]!)).toMatchObject({ class: 'return found', ret: 1 })
    })
  })

  test('a lost update: acknowledged, and the read after it is older', async () => {
    const { story, play } = stage({ wrap: dropSets(2) })
    const at = story(['login', 'update', 'read'])
    await play(async (operate) => {
      await operate(at.get('login')![0]!)
      expect(await operate(at.get('update')![0]!)).toMatchObject({ arg: 2, status: 'ok' })
      expect(await operate(at.get('read')![0]!)).toMatchObject({ class: 'session hit', ret: 1 })
    })
  })

  test('a lost login: the read finds nothing', async () => {
    const { story, play } = stage({ wrap: dropSets(1) })
    const at = story(['login', 'read'])
    await play(async (operate) => {
      expect(await operate(at.get('login')![0]!)).toMatchObject({ status: 'ok' })
      expect(await operate(at.get('read')![0]!)).toMatchObject({ class: 'session miss', status: 'ok' })
    })
  })

  test('served after its lifetime', async () => {
    const { story, play } = stage({ given: { ttl: '1s' }, wrap: serveExpired(SECOND) })
    const at = story(['login', 'read'])
    await play(async (operate, world) => {
      await operate(at.get('login')![0]!)
      await world.sleep(1.5 * SECOND)
      expect(await operate(at.get('read')![0]!)).toMatchObject({ class: 'session hit', ret: 1 })
    })
  })

  test('sessions in local memory: missing as soon as there is a second instance', async () => {
    const alone = stage({ definition: sessionStoreLocalMemory })
    const misses = (results: readonly OperationResult[]) => results.filter((result) => result.class === 'session miss').length
    expect(misses(await runOperations(alone.runtime, alone.bed, shared(alone.patterns), 0, 1500, 1))).toBe(0)
    const two = stage({ definition: sessionStoreLocalMemory, instances: 2 })
    expect(misses(await runOperations(two.runtime, two.bed, shared(two.patterns), 0, 1500, 1))).toBeGreaterThan(100)
  })
})

/** Operation `index` is made by instance `index mod N`, as in a run. */
function shared(patterns: readonly ReturnType<typeof sessionStore.create>[]): ReturnType<typeof sessionStore.create> {
  return { intent: (index) => patterns[0]!.intent(index), operation: (index, world) => patterns[index % patterns.length]!.operation(index, world) }
}
