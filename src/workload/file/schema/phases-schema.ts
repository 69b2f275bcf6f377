import { z } from 'zod'
import { nearest } from '../../../measure/nearest.ts'
import { SECOND } from '../../../runtime/runtime.ts'
import type { PhaseSpec } from '../../workload.ts'
import { duration, type Field, type FieldProblem } from '../fields.ts'

const WARM_UP = 'warm-up'
const PHASE_NAME = /^[a-z][a-z0-9-]{0,31}$/
const LONGEST = '7d'

const measured = duration({ min: '1ms', max: LONGEST })

/** `auto` comes out as null. */
const warmUp: Field<number | null> = z.union([z.literal('auto').transform(() => null), measured]).meta({
  description:
    'How long the load runs before anything counts. auto: the cache is filled with what it would hold in the long run, then the load runs until hit ratio, evictions and items stay the same over two windows of 2,000 operations; at most 10 s, or a fifth of the measured time where that is longer.',
  inputExamples: ['auto', '2s'],
})

const entry = z
  .looseObject({ [WARM_UP]: warmUp.optional() })
  .superRefine((given, context) => {
    const names = Object.keys(given)
    if (names.length !== 1) {
      const message = `a phase is one name with one duration, this has ${names.length} names`
      raise(context, given, [], message, { expected: 'one name with one duration', example: '{ steady: 30s }' })
    }
    for (const name of names) if (name !== WARM_UP) checkMeasured(context, name, given[name])
  })
  .transform((given): { name: string; durationNanos: number | null } => {
    const name = Object.keys(given)[0] ?? WARM_UP
    const value = name === WARM_UP ? (given[WARM_UP] ?? null) : Number(measured.parse(given[name]))
    return { name, durationNanos: value }
  })
  .meta({ minProperties: 1, maxProperties: 1, valuesAre: { type: 'string', description: 'How long the phase lasts.', examples: ['30s'] } })

/** A phase that counts: what it is called and how long it lasts. */
function checkMeasured(context: z.RefinementCtx, name: string, given: unknown): void {
  const meant = nearest(name, [WARM_UP])
  if (meant !== undefined) {
    raise(context, given, [name], `no phase is called "${name}"`, { expected: WARM_UP, example: '{ warm-up: auto }', meant, about: 'key' })
    return
  }
  if (!PHASE_NAME.test(name)) {
    const expected = 'a name of lower-case letters, digits and hyphens'
    raise(context, given, [name], `"${name}" can not name a phase`, { expected, example: 'steady', about: 'key' })
    return
  }
  const parsed = measured.safeParse(given)
  if (parsed.success) return
  const issue = parsed.error.issues[0] as { message: string; params?: FieldProblem }
  context.issues.push({ code: 'custom', input: given, path: [name], message: issue.message, params: { ...issue.params } })
}

export const phasesSchema = z
  .array(entry)
  .min(1)
  .max(100)
  .superRefine((phases, context) => {
    if (phases.length > 0 && phases.every((phase) => phase.name === WARM_UP)) {
      const expected = 'at least one phase besides warm-up'
      raise(context, phases, [], 'every phase is a warm-up, nothing would be measured', {
        expected,
        example: '[ { warm-up: auto }, { steady: 30s } ]',
      })
    }
    const seen = new Set<string>()
    phases.forEach((phase, index) => {
      if (seen.has(phase.name)) {
        const expected = 'a name of its own for each phase'
        raise(context, phase, [index, phase.name], `two phases are called "${phase.name}"`, { expected, example: 'steady-2', about: 'key' })
      }
      seen.add(phase.name)
    })
  })
  .transform((phases): PhaseSpec[] => {
    const measuredNanos = phases.reduce((sum, phase) => sum + (phase.name === WARM_UP ? 0 : (phase.durationNanos ?? 0)), 0)
    return phases.map(({ name, durationNanos }) => ({
      name,
      durationNanos: durationNanos ?? warmUpCapNanos(measuredNanos),
      warmUp: name === WARM_UP,
      ...(durationNanos === null && { auto: true }),
    }))
  })

/** How long `warm-up: auto` lasts at the most: a fifth of the measured time, but at least 10 s. */
export function warmUpCapNanos(measuredNanos: number): number {
  return Math.max(10 * SECOND, Math.round(measuredNanos / 5))
}

function raise(context: z.RefinementCtx, input: unknown, path: (string | number)[], message: string, problem: FieldProblem): void {
  context.issues.push({ code: 'custom', input, path, message, params: { ...problem, reason: problem.reason ?? message } })
}
