import { describe, expect, test } from 'vitest'
import { historyOf } from './history-row.ts'
import { createOperationRecorder } from './operation-recorder.ts'
import { replayHistory } from './replay-history.ts'

const options = {
  intervalNanos: 1000,
  openLoop: true,
  classes: [
    { name: 'read hit', kind: 'read', cache: 'hit' },
    { name: 'read miss', kind: 'read', cache: 'miss' },
    { name: 'write', kind: 'write' },
  ],
} as const

describe('replayHistory', () => {
  test('gives what recording gave', () => {
    const recorder = createOperationRecorder(options)
    recorder.setMeasured(false)
    recorder.recordApp(1, 10, 12, 300, 'ok', '')
    recorder.setMeasured(true)
    recorder.recordCall('cache', 'get', 'read', 1100, 1150, 'ok', '', 'hit')
    recorder.recordApp(0, 1090, 1100, 1160, 'ok', '')
    recorder.recordCall('database', 'write', 'write', 2100, 2600, 'info', 'timeout', '')
    recorder.recordApp(2, 2090, 2100, 2600, 'info', 'timeout')
    recorder.recordApp(-1, 2700, 2700, -1, 'info', 'killed')

    const columns = historyOf([
      { layer: 'app', fn: 'read', outcome: 'read miss', due: 10, sent: 12, done: 300, phase: 'warm-up' },
      { layer: 'cache', fn: 'get', outcome: 'hit', due: 1100, sent: 1100, done: 1150, phase: 'steady' },
      { layer: 'app', fn: 'read', outcome: 'read hit', due: 1090, sent: 1100, done: 1160, phase: 'steady' },
      { layer: 'database', fn: 'write', outcome: '', due: 2100, sent: 2100, done: 2600, status: 'info', error: 'timeout', phase: 'steady' },
      { layer: 'app', fn: 'write', outcome: 'write', due: 2090, sent: 2100, done: 2600, status: 'info', error: 'timeout', phase: 'steady' },
      { layer: 'app', fn: '', outcome: '', due: 2700, sent: 2700, done: -1, status: 'info', error: 'killed', phase: 'steady' },
    ])
    const replayed = replayHistory(columns, options, (phase) => phase !== 'warm-up')
    expect(replayed.classMeasurements()).toEqual(recorder.classMeasurements())
    expect(replayed.series(3000)).toEqual(recorder.series(3000))
  })
})
