import type { RankedMember } from '../../client/cache/cache.ts'

/**
 * What is wrong with a list of ranks: a member twice, or not by score from high to low with ties in reverse order of
 * the members' bytes (Redis' ZREVRANGE). Undefined when it is in order.
 */
export function findDisorder(members: readonly RankedMember[]): 'duplicate' | 'unsorted' | undefined {
  if (new Set(members.map((one) => one.member)).size !== members.length) return 'duplicate'
  for (let at = 1; at < members.length; at++) {
    const above = members[at - 1]!
    const below = members[at]!
    if (above.score < below.score) return 'unsorted'
    // Our members are ASCII: the order of code units is the order of bytes.
    if (above.score === below.score && above.member < below.member) return 'unsorted'
  }
  return undefined
}
