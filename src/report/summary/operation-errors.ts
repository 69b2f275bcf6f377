/**
 * Errors of the application's operations alone. Beside "refused" a run also counts "cache refused" and
 * "database refused", of the calls under an operation: the same trouble twice. Where only calls failed, those stand.
 */
export function operationErrors<T>(errors: Readonly<Record<string, T>>): Record<string, T> {
  const codes = Object.entries(errors)
  return Object.fromEntries(codes.filter(([code]) => !codes.some(([other]) => code === `cache ${other}` || code === `database ${other}`)))
}
