import { expect, it } from 'vitest'
import { MILLISECOND } from '../../runtime/runtime.ts'
import { ClockGaps } from './clock-gaps.ts'

const ms = (millis: number) => millis * MILLISECOND

it('a look that comes more than 100 ms late ends a gap, which is told at once', () => {
  const gaps = new ClockGaps()
  const heard: unknown[] = []
  gaps.onGap((gap) => heard.push(gap))
  for (const at of [0, 25, 150, 175, 301]) gaps.look(ms(at))
  expect(heard).toEqual([{ fromNanos: ms(200), toNanos: ms(301) }])
  expect(gaps.since(0)).toEqual(heard)
})

it('gaps count from where an axis begins: what was over by then is none of its', () => {
  const gaps = new ClockGaps()
  for (const at of [0, 1_000, 2_000]) gaps.look(ms(at))
  expect(gaps.since(ms(1_000))).toEqual([{ fromNanos: ms(25), toNanos: ms(1_000) }])
  expect(gaps.since(ms(1_500))).toEqual([{ fromNanos: 0, toNanos: ms(500) }])
})
