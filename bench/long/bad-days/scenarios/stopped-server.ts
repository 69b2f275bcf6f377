import { freezeProcess } from '../../../../test/support/freeze-process.ts'
import { applicationCounts, isGeneratorLimited } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'
import { pause } from '../stage.ts'

export const stoppedServer: Scenario = {
  name: 'stopped-server',
  seen: 'A server that stood still for 5 s under `max_in_flight: 200` was booked to the load generator.',
  async play(stage) {
    const server = await stage.server('redis')
    const under = stage.begin(
      server,
      'name: held-back',
      'pattern: mix',
      'with: { ttl: 1h }',
      'keys: { count: 50 }',
      'load: { open: { rate: 300/s, max_in_flight: 200 } }',
      'phases: [ { steady: 8s } ]',
      'deadline: 10s',
    )
    await stage.loadReaches(server)
    await pause(1_500)
    const { pid } = server
    freezeProcess(pid!)
    await pause(5_000)
    process.kill(pid!, 'SIGCONT')
    const played = await under.ended
    const { cell } = played
    return [
      finding('it is not booked to the generator', !isGeneratorLimited(cell), { reasons: cell.audit.reasons, counts: applicationCounts(cell) }),
      finding('nor does the lamp say so', !/generator/i.test(played.lamp.words), played.lamp),
    ]
  },
}
