import { finding, type Scenario } from '../scenario.ts'
import { redisInfo } from '../stage.ts'

export const pipelineOfSixteen: Scenario = {
  name: 'pipeline-of-sixteen',
  seen: '`pipeline: 16` was no pipeline: 57,177 writes for 57,890 commands, where redis-benchmark writes 6,251 times for 100,000.',
  async play(stage) {
    const server = await stage.server('redis')
    await stage.play(
      server,
      'name: piped',
      'pattern: mix',
      'keys: { count: 1k }',
      'load: { closed: { connections: 50, pipeline: 16 } }',
      'phases: [ { steady: 2s } ]',
    )
    const commands = await redisInfo(server, 'total_commands_processed')
    const reads = await redisInfo(server, 'total_reads_processed')
    return [finding('the server reads far fewer times than it is asked', commands > 1_000 && reads < commands / 4, { commands, reads })]
  },
}
