import { differentialProperty } from './differential.ts'
import { metaDebug, metaGet } from './meta-pools.ts'
import { deltaCommand, gatCommand, getCommand, mixed, storageCommand, touchCommand } from './pools.ts'

export const expiry = differentialProperty({
  id: 'memcached/expiry',
  sentence: 'Every way to give an item a time to live, take it away or move it has the same effect as on memcached.',
  reach: 'own keys',
  command: mixed(
    { weight: 4, arbitrary: storageCommand },
    { weight: 3, arbitrary: touchCommand },
    { weight: 3, arbitrary: gatCommand },
    { weight: 2, arbitrary: getCommand },
    { weight: 2, arbitrary: metaGet },
    { weight: 1, arbitrary: metaDebug },
    { weight: 1, arbitrary: deltaCommand },
  ),
})
