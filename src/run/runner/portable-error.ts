import { TargetError } from '../../client/target-error.ts'
import { UsageError } from '../../runtime/usage-error.ts'

/** An error as data: a copy that crosses to another thread by itself loses its class, its name and its hint. */
export interface PortableError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: string
  readonly hint?: string
}

export function packError(error: unknown): PortableError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack, code, hint } = error as Error & { readonly code?: unknown; readonly hint?: unknown }
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(typeof code === 'string' && { code }),
    ...(typeof hint === 'string' && { hint }),
  }
}

/** Of the class that those who catch it look for; others keep their name. */
export function unpackError({ name, message, stack, code, hint }: PortableError): Error {
  const error =
    name === 'TargetError'
      ? new TargetError(code as TargetError['code'], message, hint)
      : name === 'UsageError'
        ? new UsageError(message, hint)
        : Object.assign(new Error(message), { name }, code !== undefined && { code })
  if (stack !== undefined) error.stack = stack
  return error
}
