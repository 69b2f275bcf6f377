import { finding, type Scenario } from '../scenario.ts'
import { descendantsOf, pause } from '../stage.ts'

export const stoppedInstances: Scenario = {
  name: 'stopped-instances',
  seen: 'Three instances stood still for three quarters of a run: "Measured soundly", and their read p50 of 49 ms was booked to the server.',
  async play(stage) {
    const server = await stage.server('redis')
    const under = stage.begin(
      server,
      'name: sessions',
      'pattern: session-store',
      'keys: { count: 200 }',
      'load: { open: { rate: 400/s } }',
      'phases: [ { steady: 6s } ]',
      'instances: 4',
      'kill_instance: { instance: 0, at: 500ms }',
      'baseline: false',
    )
    await stage.loadReaches(server)
    const alive = () => descendantsOf(under.pid, 'instance-main')
    await stage.until('the first instance is dead', () => alive().length === 3)
    const stopped = alive()
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    await pause(4_500)
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    const played = await under.ended
    return [
      finding('three instances were stopped', stopped.length === 3, { stopped }),
      finding('the lamp is not green', ['amber', 'red'].includes(played.lamp.colour), played.lamp),
      finding(
        'and names them',
        /instance/i.test(played.lamp.words) && [1, 2, 3].every((one) => new RegExp(`\\b${one}\\b`).test(played.lamp.words)),
        played.lamp,
      ),
    ]
  },
}
