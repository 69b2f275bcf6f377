import { z } from 'zod'
import type { FaultPlan } from '../../fault-plan.ts'
import { duration } from '../fields.ts'
import type { SpecFault } from '../spec-registry.ts'

/** `{ at: 10s, kill: primary, for: 2s }`: exactly one fault name beside `at` and `for`. */
export function faultsSchema(faults: readonly SpecFault[]) {
  const names = faults.map((fault) => fault.name)
  const byName = Object.fromEntries(
    faults.map((fault) => [
      fault.name,
      z
        .string()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: `${fault.summary} The value says what it acts on: primary, or a role or node of the topology.`, examples: ['primary'] }),
    ]),
  )
  const entry = z
    .strictObject({
      at: duration({ max: '7d' }).describe('When it begins, counted from the start of the first measured phase.'),
      for: duration({ min: '1ms', max: '7d' }).optional().describe('How long until it is undone; without it, until the end of the run.'),
      ...byName,
    })
    .superRefine((given, context) => {
      const chosen = names.filter((name) => (given as Record<string, unknown>)[name] !== undefined)
      if (chosen.length === 1) return
      const message = chosen.length === 0 ? 'no fault is named' : `${chosen.join(' and ')} in one entry`
      const expected = `exactly one of ${names.join(', ')} beside at and for`
      context.issues.push({
        code: 'custom',
        input: given,
        message,
        params: { expected, example: '{ at: 10s, kill: primary, for: 2s }', reason: message },
      })
    })
    .transform((given): FaultPlan => {
      const fault = names.find((name) => (given as Record<string, unknown>)[name] !== undefined)!
      const on = (given as unknown as Record<string, string>)[fault]!
      return { fault, on, atNanos: given.at, ...(given.for !== undefined && { forNanos: given.for }) }
    })
  return z.array(entry).max(100)
}
