import { expect, test } from 'vitest'
import { TargetError } from '../../client/target-error.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { cellRunnerContract } from './cell-runner.contract.ts'
import { createInProcessRunner } from './in-process-runner.ts'
import { packError, unpackError } from './portable-error.ts'
import { createThreadRunner } from './thread-runner.ts'

cellRunnerContract('in this process', createInProcessRunner)
cellRunnerContract('in a thread', createThreadRunner)

test.each([
  new TargetError('TARGET_UNUSABLE', 'no', 'try another'),
  new UsageError('no', 'ask otherwise'),
  Object.assign(new RangeError('no'), { code: 'ERR_X' }),
])('an error comes out as it went in: $name', (error) => {
  const copy = unpackError(structuredClone(packError(error)))
  expect({ ...copy, name: copy.name, message: copy.message, stack: copy.stack }).toEqual({
    ...error,
    name: error.name,
    message: 'no',
    stack: error.stack,
  })
  expect(copy instanceof TargetError).toBe(error instanceof TargetError)
  expect(copy instanceof UsageError).toBe(error instanceof UsageError)
})

test('whatever else is thrown is told in words', () => {
  expect(unpackError(packError('just so')).message).toBe('just so')
})
