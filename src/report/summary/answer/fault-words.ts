import { enumerated } from './sentence.ts'

/** "a kill of the primary" of "kill:primary at 2 s for 1 s": what goes wrong, without when. */
export function faultWords(fault: string): string {
  const parts = fault.split(', ').map((one) => {
    const match = /^(?<kind>[\w-]+):(?<on>\S+) at /.exec(one)
    const words = match
      ? `${match.groups!['kind']} of ${ROLES.has(match.groups!['on']!) ? 'the ' : ''}${match.groups!['on']}`
      : one.replace(/ at [^,]*$/, '')
    return `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`
  })
  return enumerated([...new Set(parts)])
}

const ROLES: ReadonlySet<string> = new Set(['primary', 'replica', 'server', 'cluster', 'database'])
