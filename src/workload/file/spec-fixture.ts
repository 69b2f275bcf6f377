import { z } from 'zod'
import { bytes, duration, durationOrNone, rate, ratio } from './fields.ts'
import type { SpecRegistry } from './spec-registry.ts'

/** Patterns and faults for the tests of this folder: the real ones change for reasons of their own. */
export const FIXTURE_REGISTRY: SpecRegistry = {
  patterns: [
    {
      name: 'aside',
      summary: 'reads through a cache',
      usesDatabase: true,
      classes: [
        { name: 'read hit', kind: 'read', cache: 'hit' },
        { name: 'read miss', kind: 'read', cache: 'miss' },
        { name: 'write', kind: 'write' },
      ],
      settings: z.strictObject({
        write_ratio: ratio().prefault('10%').describe('Share of writes.'),
        on_write: z.enum(['invalidate', 'overwrite']).prefault('invalidate').describe('What a write does to the cache.'),
        ttl: durationOrNone({ min: '1ms' }).prefault('60s').describe('Time to live.'),
        pause: duration().optional(),
        limit: bytes().optional(),
        pace: rate().optional(),
      }),
    },
    // Not strict on purpose: the parser must refuse unknown settings all the same.
    {
      name: 'loose',
      summary: 'takes what it knows',
      usesDatabase: false,
      classes: [],
      settings: z.object({ depth: z.int().min(1).max(9).default(3) }),
    },
    { name: 'mix', summary: 'raw load', usesDatabase: false, classes: [{ name: 'get', kind: 'read' }], settings: z.strictObject({}), kind: 'mix' },
    { name: 'none', summary: 'no cache', usesDatabase: true, classes: [{ name: 'read', kind: 'read' }], settings: z.strictObject({}) },
  ],
  faults: [
    { name: 'noop', summary: 'Does nothing.' },
    { name: 'kill', summary: 'Ends the process at once.' },
    { name: 'restart', summary: 'Ends the process and starts it again.' },
  ],
}
