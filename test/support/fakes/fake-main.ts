import { type BehaviourSpec, createBehaviours } from './behaviour-registry.ts'
import { FakeCache, type FakeCounts } from './fake-cache.ts'

/** What a fake in a process of its own is given, as JSON in its first argument. */
export interface FakeProgram {
  readonly family: 'redis' | 'memcached'
  readonly seed?: number
  readonly behaviours?: readonly BehaviourSpec[]
}

/** What it is told later, over the channel to who started it. */
export type FakeOrder = { readonly add: BehaviourSpec } | { readonly count: number }

/** What it says: where it listens, once, and what it saw when asked. */
export type FakeWord = { readonly port: number } | { readonly counted: number; readonly counts: FakeCounts }

const { behaviours = [], ...options } = JSON.parse(process.argv[2] ?? '{"family":"redis"}') as FakeProgram
const fake = await FakeCache.start({ ...options, behaviours: behaviours.flatMap(createBehaviours) })
process.stdout.write(`${fake.url}\n`)
if (process.send) {
  const say = (word: FakeWord) => void process.send!(word)
  // The channel ends with whoever started us, also when that crashed.
  process.on('disconnect', () => process.exit())
  process.on('message', (order: FakeOrder) => {
    if ('count' in order) return say({ counted: order.count, counts: fake.counts })
    for (const behaviour of createBehaviours(order.add)) fake.add(behaviour)
  })
  say({ port: fake.port })
}
