import { MEMCACHED_PROPERTIES } from '../../properties/memcached/all-memcached-properties.ts'
import type { Property } from '../../properties/property.ts'
import { allRedisProperties } from '../../properties/redis/all-redis-properties.ts'

/** Every promise there is, in the order in which they are run and listed. */
export const ALL_PROPERTIES: readonly Property[] = [...allRedisProperties, ...MEMCACHED_PROPERTIES]
