import { expect, test } from 'vitest'
import type { Client, ReplySink } from '../../client/client.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { rowsOf } from '../../measure/history-row.ts'
import { createOperationRecorder } from '../../measure/operation-recorder.ts'
import { SimpleString } from '../../protocol/reply.ts'
import { MILLISECOND, SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { mix } from '../../workload/patterns/mix.ts'
import { patternContext } from '../../workload/patterns/pattern.contract.ts'
import { CellRecorder } from '../record/cell-recorder.ts'
import { ClosedLoop } from './closed-loop.ts'
import { MixProgram } from './mix-program.ts'

const SERVICE_NANOS = 3 * MILLISECOND
const FACTS = { node: 'fake', sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 1, bytesIn: 1 }

test('in a closed loop the next operation is due when the one before was answered', async () => {
  const runtime = createVirtualRuntime({ seed: 1 })
  const client: Client = {
    name: 'fake',
    openConnections: 1,
    submit: (_command, token: number, sink: ReplySink) => void runtime.after(SERVICE_NANOS, () => sink.reply(token, new SimpleString('OK'), FACTS)),
    close: () => Promise.resolve(),
  }
  const rows = new HistoryBuilder(64)
  const operations = createOperationRecorder({ intervalNanos: SECOND, classes: mix.classes })
  const recorder = new CellRecorder({ operations, rows, level: { kind: 'full' }, classes: mix.classes, instance: 0, instances: 1, block: 0 })
  recorder.begin(0)
  await runtime.run('load', (task) =>
    task.wait<void>('its end', (settle) => {
      const program: MixProgram = new MixProgram({
        mix: mix.create({ ...patternContext(mix, { get: '0%' }, runtime, { keys: 10 }), family: 'redis' }),
        ...{ client, runtime, recorder, instances: 1, loop: () => loop },
      })
      const loop: ClosedLoop = new ClosedLoop(runtime, program, {
        ...{ connections: 1, pipeline: 1, thinkNanos: 0, instance: 0, instances: 1, originNanos: 0 },
        untilNanos: 20 * MILLISECOND,
        drained: () => settle(),
      })
      loop.start()
    }),
  )
  const app = rowsOf(rows.view()).filter(({ layer }) => layer === 'app')
  expect(app.map(({ due, sent, done }) => [due, sent, done])).toEqual(
    Array.from({ length: 7 }, (_, index) => [index * SERVICE_NANOS, index * SERVICE_NANOS, (index + 1) * SERVICE_NANOS]),
  )
})
