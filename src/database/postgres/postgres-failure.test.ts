import { describe, expect, test } from 'vitest'
import { failureOf, isConnectionLost, type Progress } from './postgres-failure.ts'

const network = (code: string): Error => Object.assign(new Error('write'), { code })
const server = (code: string, severity: string): Error => Object.assign(new Error('said the server'), { code, severity })

describe('what an error means for a call', () => {
  test.each<[string, Error, Progress, string, string]>([
    ['nobody listens', network('ECONNREFUSED'), 'nothing sent', 'fail', 'refused'],
    ['no such host', network('ENOTFOUND'), 'nothing sent', 'fail', 'refused'],
    ['no answer to the handshake', network('CONNECT_TIMEOUT'), 'nothing sent', 'fail', 'refused'],
    ['reset during the handshake', network('ECONNRESET'), 'nothing sent', 'fail', 'refused'],
    ['no place left', server('53300', 'FATAL'), 'nothing sent', 'fail', 'refused'],
    ['starting up', server('57P03', 'FATAL'), 'nothing sent', 'fail', 'refused'],
    ['lost before COMMIT was sent', network('CONNECTION_CLOSED'), 'uncommitted', 'fail', 'closed'],
    ['lost after COMMIT was sent', network('CONNECTION_CLOSED'), 'committing', 'info', 'closed'],
    ['reset after COMMIT was sent', network('ECONNRESET'), 'committing', 'info', 'closed'],
    ['the session ended after COMMIT was sent', server('57P01', 'FATAL'), 'committing', 'info', 'closed'],
    ['the session ended before', server('57P01', 'FATAL'), 'uncommitted', 'fail', 'closed'],
    ['disk full', server('53100', 'ERROR'), 'committing', 'fail', 'client'],
    ['the commit itself refused', server('40001', 'ERROR'), 'committing', 'fail', 'client'],
    ['something unheard of', new Error('?'), 'committing', 'info', 'client'],
    ['something unheard of, before COMMIT', new Error('?'), 'uncommitted', 'fail', 'client'],
  ])('%s', (_what, error, progress, status, code) => expect(failureOf(error, progress)).toMatchObject({ status, code }))
})

describe('whether the connection may be gone', () => {
  test.each([
    [network('CONNECTION_CLOSED'), true],
    [new Error('?'), true],
    [server('57P01', 'FATAL'), true],
    [server('XX000', 'PANIC'), true],
    [server('23505', 'ERROR'), false],
  ])('%s', (error, lost) => expect(isConnectionLost(error)).toBe(lost))
})
