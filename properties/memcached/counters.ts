import { differentialProperty } from './differential.ts'
import { deltaCommand, getCommand, mixed, plainSet, storageCommand } from './pools.ts'

export const counters = differentialProperty({
  id: 'memcached/counters',
  sentence: 'incr and decr wrap at 2^64, stop at 0, keep the length and refuse what is no number, as memcached does.',
  reach: 'own keys',
  command: mixed(
    { weight: 6, arbitrary: deltaCommand },
    { weight: 2, arbitrary: plainSet },
    { weight: 1, arbitrary: storageCommand },
    { weight: 3, arbitrary: getCommand },
  ),
})
