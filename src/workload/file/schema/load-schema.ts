import { z } from 'zod'
import type { LoadSpec } from '../../workload.ts'
import { count, duration, rate } from '../fields.ts'
import { tagged } from './tagged.ts'

const open = z.strictObject({
  rate: rate({ min: '0.01/s', max: '10M/s' }).prefault('500/s').describe('Operations offered a second, however slow the answers are.'),
  arrivals: z.enum(['poisson', 'constant']).prefault('poisson').describe('poisson: independent users, at random instants. constant: evenly spaced.'),
  max_in_flight: count({ min: '1', max: '1M' })
    .prefault(10_000)
    .describe('Operations under way at once. Beyond it due operations wait, and count as late or at the end as censored; never dropped.'),
  connections: count({ min: '1', max: '1k' }).prefault(1).describe('Connections to each node.'),
})

const closed = z.strictObject({
  connections: count({ min: '1', max: '10k' }).prefault(50).describe('Connections, each with its own loop of request and answer.'),
  pipeline: count({ min: '1', max: '10k' }).prefault(1).describe('Requests under way on one connection.'),
  think: duration({ max: '1h' }).prefault('0s').describe('Pause between an answer and the next request.'),
})

export const loadSchema = tagged(
  'the load',
  {
    open: open.describe('Open loop: operations are due at a rate of their own; latency counts from when one was due. How users behave.'),
    closed: closed.describe(
      'Closed loop: a fixed number of connections, the next request follows the answer. Finds the highest rate; hides waiting.',
    ),
  },
  { bare: ['open', 'closed'], example: '{ open: { rate: 500/s } }' },
).transform((load): LoadSpec => {
  if (load.closed) return { kind: 'closed', connections: load.closed.connections, pipeline: load.closed.pipeline, thinkNanos: load.closed.think }
  const { rate: ratePerSecond, arrivals, max_in_flight: maxInFlight, connections } = load.open!
  return { kind: 'open', ratePerSecond, arrivals, maxInFlight, connections }
})
