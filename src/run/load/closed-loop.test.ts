import { describe, expect, test } from 'vitest'
import { ClosedLoop } from './closed-loop.ts'
import { drive, loadLoopContract } from './load-loop.contract.ts'

loadLoopContract({
  name: 'closed, 4 connections',
  create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 4, pipeline: 1, thinkNanos: 0 }),
})
loadLoopContract({
  name: 'closed, pipelined, with think time',
  create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 3, pipeline: 2, thinkNanos: 1_000_000 }),
})

describe('closed loop', () => {
  test('the rate follows from connections and answer time', async () => {
    const run = await drive({
      create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 6, pipeline: 1, thinkNanos: 3_000_000 }),
    })
    // Six users, 3 ms of answer and 3 ms of thought: 1,000 a second.
    expect(run.indices.length).toBeGreaterThan(990)
    expect(run.indices.length).toBeLessThan(1010)
  })
})
