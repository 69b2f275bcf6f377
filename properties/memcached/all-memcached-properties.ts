import type { Property } from '../property.ts'
import { cas } from './cas.ts'
import { counters } from './counters.ts'
import { cross } from './cross.ts'
import { expiry } from './expiry.ts'
import { flush } from './flush.ts'
import { meta } from './meta.ts'
import { textStorage } from './text-storage.ts'

/** Every property of the memcached family, in the order in which they are reported. */
export const MEMCACHED_PROPERTIES: readonly Property[] = [textStorage, counters, cas, expiry, meta, cross, flush]
