import { expect, test } from 'vitest'
import { AwaySpans } from './away-spans.ts'

test('from the first attempt that failed to the answer of a later one', () => {
  const spans = new AwaySpans(50)
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
  const spans = new AwaySpans(50)
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

test('failures that may be our own count only together with others, or when they went on', () => {
  const spans = new AwaySpans(50)
  for (const sent of [10, 15]) spans.failed(sent, true)
  spans.succeeded(200, 201)
  for (const sent of [300, 320, 349]) spans.failed(sent, true)
  spans.succeeded(400, 401)
  for (const sent of [500, 525, 550]) spans.failed(sent, true)
  spans.succeeded(600, 601)
  spans.failed(700, true)
  spans.failed(705)
  spans.succeeded(710, 711)
  expect(spans.spans()).toEqual([
    { fromNanos: 500, toNanos: 601 },
    { fromNanos: 700, toNanos: 711 },
  ])
})
