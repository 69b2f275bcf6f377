import type { z } from 'zod'

/** Refuses a mapping in which `lower` is larger than `upper`; the error stands at `upper`. */
export function ordered<Type extends z.ZodType>(type: Type, lower: keyof z.output<Type> & string, upper: keyof z.output<Type> & string): Type {
  return type.superRefine((value, context) => {
    const pair = value as Record<string, number>
    if (pair[lower]! <= pair[upper]!) return
    const message = `${upper} is smaller than ${lower}`
    context.issues.push({
      code: 'custom',
      input: undefined,
      path: [upper],
      message,
      params: { expected: `${upper} at or above ${lower}`, reason: message },
    })
  }) as Type
}
