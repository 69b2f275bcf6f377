import { differentialProperty } from './differential.ts'
import { deleteCommand, getCommand, mixed, plainSet, storageCommand } from './pools.ts'

export const textStorage = differentialProperty({
  id: 'memcached/text-storage',
  sentence: 'set, add, replace, append, prepend, delete, get and gets answer as memcached does, also what is malformed.',
  reach: 'own keys',
  command: mixed(
    { weight: 5, arbitrary: storageCommand },
    { weight: 3, arbitrary: getCommand },
    { weight: 1, arbitrary: plainSet },
    { weight: 1, arbitrary: deleteCommand },
  ),
})
