import { differentialProperty } from './differential.ts'
import { metaArithmetic, metaDebug, metaDelete, metaGet, metaSet } from './meta-pools.ts'
import { mixed } from './pools.ts'

export const meta = differentialProperty({
  id: 'memcached/meta',
  sentence: 'mg, ms, md, ma, me and mn answer as memcached does, with every flag and in every order.',
  reach: 'own keys',
  command: mixed(
    { weight: 4, arbitrary: metaGet },
    { weight: 4, arbitrary: metaSet },
    { weight: 2, arbitrary: metaDelete },
    { weight: 3, arbitrary: metaArithmetic },
    { weight: 1, arbitrary: metaDebug },
  ),
})
