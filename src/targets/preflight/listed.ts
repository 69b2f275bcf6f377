import type { Refusal } from './refusal.ts'

/** The commands that were refused, each once, as part of a sentence: "GET, SET and DEL". */
export function listed(refusals: readonly Pick<Refusal, 'command'>[], conjunction: 'and' | 'or' = 'and'): string {
  const names = [...new Set(refusals.map(({ command }) => command))]
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`
}
