import { z } from 'zod'
import { nearest } from '../../../measure/nearest.ts'

/**
 * A mapping with exactly one of the given keys: `{ zipf: 0.99 }`, `{ open: {...} }`. With a `shorthand`, a plain
 * scalar stands for `{ <shorthand key>: scalar }` (`size: 400B`), and a key listed in `bare` may stand alone as a word
 * (`popularity: uniform`).
 */
export function tagged<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape, options: TaggedOptions<Shape> = {}) {
  const names = Object.keys(shape)
  const bare: readonly string[] = options.bare ?? []
  const partial = Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, (type as z.ZodType).optional()]))
  const mapping = z
    .strictObject(partial as { [Name in keyof Shape]: z.ZodOptional<Shape[Name]> })
    .superRefine((value, context) => {
      const given = Object.keys(value as object)
      if (given.length === 1) return
      const expected = `exactly one of ${names.join(', ')}`
      const message = given.length === 0 ? `${what} is empty` : `${what} can not be ${given.join(' and ')} at once`
      context.issues.push({ code: 'custom', input: value, message, params: { expected, example: options.example ?? names[0], reason: message } })
    })
    .meta({ minProperties: 1, maxProperties: 1 })
  const expand = (given: unknown, context: z.RefinementCtx): unknown => {
    if (typeof given === 'string' && bare.includes(given)) return { [given]: {} }
    const scalar = typeof given === 'string' || typeof given === 'number'
    if (options.shorthand !== undefined && scalar) return { [options.shorthand]: given }
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given
    const meant = typeof given === 'string' ? nearest(given, names) : undefined
    const problem = { expected: `one of ${names.join(', ')}`, example: options.example ?? names[0], ...(meant !== undefined && { meant }) }
    context.issues.push({ code: 'custom', input: given, message: problem.expected, params: problem })
    return z.NEVER
  }
  const words: object[] = bare.length > 0 ? [{ enum: bare }] : []
  const shorthandShape = options.shorthand === undefined ? undefined : (shape[options.shorthand] as z.ZodType).meta()
  if (shorthandShape) words.push({ type: shorthandShape['type'], pattern: shorthandShape['pattern'] })
  return z.preprocess(expand, mapping).meta({ insteadOf: words })
}

interface TaggedOptions<Shape> {
  readonly shorthand?: keyof Shape & string
  readonly bare?: readonly (keyof Shape & string)[]
  readonly example?: string
}
