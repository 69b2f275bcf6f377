import { differentialProperty } from './differential.ts'
import { casCommand, deleteCommand, deltaCommand, getCommand, mixed, plainSet, storageCommand, touchCommand } from './pools.ts'

export const cas = differentialProperty({
  id: 'memcached/cas',
  sentence: 'cas stores only over the version that was read, and every change gives an item a new cas id.',
  reach: 'own keys',
  command: mixed(
    { weight: 4, arbitrary: casCommand },
    { weight: 4, arbitrary: getCommand },
    { weight: 2, arbitrary: storageCommand },
    { weight: 1, arbitrary: deltaCommand },
    { weight: 1, arbitrary: touchCommand },
    { weight: 1, arbitrary: plainSet },
    { weight: 1, arbitrary: deleteCommand },
  ),
})
