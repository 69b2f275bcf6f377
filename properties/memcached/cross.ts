import { differentialProperty } from './differential.ts'
import { metaArithmetic, metaDebug, metaDelete, metaGet, metaSet } from './meta-pools.ts'
import { casCommand, deleteCommand, deltaCommand, gatCommand, getCommand, mixed, plainSet, storageCommand, touchCommand } from './pools.ts'

export const cross = differentialProperty({
  id: 'memcached/cross',
  sentence: 'Text and meta commands see the same items, and leave each other what memcached would leave.',
  reach: 'own keys',
  command: mixed(
    { weight: 3, arbitrary: storageCommand },
    { weight: 2, arbitrary: getCommand },
    { weight: 1, arbitrary: gatCommand },
    { weight: 1, arbitrary: casCommand },
    { weight: 1, arbitrary: plainSet },
    { weight: 1, arbitrary: deleteCommand },
    { weight: 1, arbitrary: deltaCommand },
    { weight: 1, arbitrary: touchCommand },
    { weight: 2, arbitrary: metaGet },
    { weight: 2, arbitrary: metaSet },
    { weight: 1, arbitrary: metaDelete },
    { weight: 1, arbitrary: metaArithmetic },
    { weight: 1, arbitrary: metaDebug },
  ),
})
