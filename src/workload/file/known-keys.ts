import type { z } from 'zod'

/** Keys that may stand in the mapping at `path`, by walking the schema; undefined where any key may. */
export function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] | undefined {
  const type = typeAt(schema, path)
  return type?._zod.def.type === 'object' ? Object.keys((type as z.core.$ZodObject)._zod.def.shape) : undefined
}

function typeAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const type = unwrap(schema)
  const def = type._zod.def
  if (def.type === 'union') {
    const found = (type as z.core.$ZodUnion)._zod.def.options.map((option) => typeAt(option, path))
    return found.find((one) => one?._zod.def.type === 'object') ?? found.find((one) => one !== undefined)
  }
  if (path.length === 0) return type
  const [step, ...rest] = path
  if (def.type === 'object') {
    const shape = (type as z.core.$ZodObject)._zod.def.shape
    return Object.hasOwn(shape, step as string) ? typeAt(shape[step as string]!, rest) : undefined
  }
  if (def.type === 'array') return typeAt((type as z.core.$ZodArray)._zod.def.element, rest)
  if (def.type === 'record') return typeAt((type as z.core.$ZodRecord)._zod.def.valueType, rest)
  return undefined
}

/** To what a person writes: through defaults, optional and the input side of transforms. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const def = schema._zod.def as { type: string; innerType?: z.core.$ZodType; in?: z.core.$ZodType; out?: z.core.$ZodType }
  if (def.innerType) return unwrap(def.innerType)
  if (def.type === 'pipe') return unwrap(def.in!._zod.def.type === 'transform' ? def.out! : def.in!)
  return schema
}
