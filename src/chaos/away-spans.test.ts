import { expect, test } from 'vitest'
import { AwaySpans } from './away-spans.ts'

test('from the first attempt that failed to the answer of a later one', () => {
  const spans = new AwaySpans()
  spans.succeeded(0, 1)
  for (const sent of [10, 15, 20]) spans.failed(sent)
  spans.succeeded(25, 27)
  spans.succeeded(30, 31)
  spans.failed(40)
  expect(spans.spans()).toEqual([
    { fromNanos: 10, toNanos: 27 },
    { fromNanos: 40, toNanos: null },
  ])
})

test('an answer to what was asked before ends nothing, and a failure that is told late begins when it was made', () => {
  const spans = new AwaySpans()
  spans.failed(10)
  spans.succeeded(9, 12)
  expect(spans.spans()).toEqual([{ fromNanos: 10, toNanos: null }])
  spans.succeeded(15, 20)
  spans.succeeded(20, 21)
  // Its deadline passed long after others had been answered.
  spans.failed(5)
  expect(spans.spans()).toEqual([
    { fromNanos: 5, toNanos: 12 },
    { fromNanos: 10, toNanos: 20 },
  ])
})
