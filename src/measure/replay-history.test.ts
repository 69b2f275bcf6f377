import { describe, expect, test } from 'vitest'
import { historyOf } from './history-row.ts'
import { strandOfColumns } from './history-strand.ts'
import { mergeStrands } from './merge-strands.ts'
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
  test('gives what recording gave', async () => {
    const recorder = createOperationRecorder(options)
    recorder.endMeasuredAt(2500)
    recorder.recordApp(1, 10, 12, 300, 'ok', '', false)
    recorder.recordCall('cache', 'get', 'read', 1100, 1150, 'ok', '', 'hit')
    recorder.recordApp(0, 1090, 1100, 1160, 'ok', '')
    recorder.recordCall('database', 'write', 'write', 2100, 2600, 'info', 'timeout', '')
    recorder.recordApp(2, 2090, 2100, 2600, 'info', 'timeout')
    recorder.recordApp(4, 2700, 2700, -1, 'info', 'killed')
    recorder.recordApp(3, 2800, -1, -1, 'info', 'unstarted')
    recorder.recordApp(0, 2400, 2400, 2600, 'ok', '')

    const columns = historyOf([
      { layer: 'app', fn: 'read', outcome: 'read miss', due: 10, sent: 12, done: 300, phase: 'warm-up' },
      { layer: 'cache', fn: 'get', outcome: 'hit', due: 1100, sent: 1100, done: 1150, phase: 'steady' },
      { layer: 'app', fn: 'read', outcome: 'read hit', due: 1090, sent: 1100, done: 1160, phase: 'steady' },
      { layer: 'database', fn: 'write', outcome: '', due: 2100, sent: 2100, done: 2600, status: 'info', error: 'timeout', phase: 'steady' },
      { layer: 'app', fn: 'write', outcome: 'write', due: 2090, sent: 2100, done: 2600, status: 'info', error: 'timeout', phase: 'steady' },
      { layer: 'app', fn: 'login', outcome: '', due: 2700, sent: 2700, done: -1, status: 'info', error: 'killed', phase: 'steady' },
      { layer: 'app', fn: 'read', outcome: 'read unknown', due: 2800, sent: -1, done: -1, status: 'info', error: 'unstarted', phase: 'steady' },
      { layer: 'app', fn: 'read', outcome: 'read hit', due: 2400, sent: 2400, done: 2600, phase: 'steady' },
    ])
    const source = mergeStrands([strandOfColumns(columns)], 2)
    const replayed = await replayHistory(source, { ...options, measured: (phase) => phase !== 'warm-up', measuredEndNanos: 2500 })
    expect(replayed.classMeasurements(3000)).toEqual(recorder.classMeasurements(3000))
    expect(replayed.classMeasurements(3000).find(({ name }) => name === 'read hit')).toMatchObject({ ok: 2, inTime: 1 })
    expect(replayed.series(3000)).toEqual(recorder.series(3000))
  })

  test('leaves out what was under way when the run died, and nothing else that has no answer', async () => {
    const open = { layer: 'cache', fn: 'get', outcome: '', due: 10, sent: 10, done: -1, status: 'info', phase: 'steady' } as const
    const columns = historyOf([
      { ...open, error: 'killed' },
      { ...open, error: 'timeout' },
      { ...open, done: 20, error: 'killed' },
    ])
    const replay = async (died: boolean) => {
      const replayed = await replayHistory(mergeStrands([strandOfColumns(columns)], 2), {
        ...options,
        measured: () => true,
        measuredEndNanos: 2500,
        died,
      })
      return replayed.classMeasurements(3000).find(({ name }) => name === 'get')!.errors
    }
    expect(await replay(true)).toEqual({ timeout: 1, killed: 1 })
    expect(await replay(false)).toEqual({ timeout: 1, killed: 2 })
  })
})
