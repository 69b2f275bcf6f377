import { expect, test } from 'vitest'
import { SECOND } from '../../runtime/runtime.ts'
import { StepEnded, StepGuard } from './step-guard.ts'

const OK = { status: 'ok' } as const
const FAILED = { status: 'info', failure: { code: 'timeout', message: 'no answer' } } as const
type Result = typeof OK | typeof FAILED

/** Makes calls one after the other, each so long; gives how many it came to. */
function play(results: readonly Result[], everyNanos: number): number {
  let now = 0
  const guard = new StepGuard(undefined, () => now)
  for (const [at, result] of results.entries()) {
    try {
      guard.check()
    } catch (error) {
      expect(error).toBeInstanceOf(StepEnded)
      expect((error as StepEnded).failure).toEqual(FAILED.failure)
      return at
    }
    now += everyNanos
    guard.watch<Result>(() => {})(result)
  }
  return results.length
}

const all = (result: Result, count: number): Result[] => Array.from({ length: count }, () => result)

test('an endpoint that only fails is given up after a hundred calls', () => {
  expect(play(all(FAILED, 1000), SECOND)).toBe(100)
  expect(play([...all(OK, 500), ...all(FAILED, 1000)], SECOND)).toBe(600)
})

test('but not while a connection is being made anew', () => {
  expect(play([...all(FAILED, 1000), ...all(OK, 1000)], SECOND / 1000)).toBe(2000)
  // Two seconds of it are too many.
  expect(play(all(FAILED, 3000), SECOND / 1000)).toBe(2001)
})

test('nor where more succeeds than fails', () => {
  const mixed = Array.from({ length: 3000 }, (_, at) => (at % 5 < 2 ? FAILED : OK))
  expect(play(mixed, SECOND)).toBe(3000)
})

test('after Ctrl-C what is under way has no answer, and nothing else is begun', () => {
  const interrupt = new AbortController()
  const guard = new StepGuard(interrupt.signal, () => 0)
  const heard: unknown[] = []
  const answered = guard.watch<Result>((result) => heard.push(result))
  const late = guard.watch<Result>((result) => heard.push(result))
  answered(OK)
  interrupt.abort()
  late(OK)
  expect(heard).toEqual([OK, { status: 'info', failure: expect.objectContaining({ code: 'closed' }) }])
  expect(() => guard.check()).toThrow(StepEnded)
  guard.end()
})
