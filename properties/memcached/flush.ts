import fc from 'fast-check'
import { differentialProperty } from './differential.ts'
import type { PlannedCommand } from './plan.ts'
import { exptime, getCommand, mixed, storageCommand, touchCommand } from './pools.ts'

const flushCommand: fc.Arbitrary<PlannedCommand> = fc
  .tuple(fc.option(exptime, { nil: undefined }), fc.boolean())
  .map(([delay, silent]) => ['flush_all', ...(delay === undefined ? [] : [delay]), ...(silent ? ['noreply'] : [])])

const serverCommand: fc.Arbitrary<PlannedCommand> = fc.constantFrom<PlannedCommand[]>(
  ['flush_all', '1', '2'],
  ['flush_all', '1', 'noreply', '3'],
  ['verbosity'],
  ['verbosity', '0'],
  ['verbosity', 'abc'],
  ['verbosity', '0', 'noreply'],
  ['verbosity', 'noreply'],
  ['verbosity', '0', '1', '2'],
  ['stats', 'nosuch'],
  ['stats', 'detail'],
  ['shutdown', 'now'],
  ['cache_memlimit'],
  ['cache_memlimit', 'abc'],
  ['cache_memlimit', '1'],
  ['cache_memlimit', '64'],
  ['cache_memlimit', '4294967295'],
)

export const flush = differentialProperty({
  id: 'memcached/flush',
  sentence: 'flush_all forgets what memcached would forget, now or later, and server commands answer as they do there.',
  reach: 'server',
  command: mixed(
    { weight: 6, arbitrary: storageCommand },
    { weight: 4, arbitrary: getCommand },
    { weight: 2, arbitrary: touchCommand },
    { weight: 1, arbitrary: flushCommand },
    { weight: 1, arbitrary: serverCommand },
  ),
})
