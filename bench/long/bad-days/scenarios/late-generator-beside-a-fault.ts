import { finding, type Scenario } from '../scenario.ts'
import { pause } from '../stage.ts'

export const lateGeneratorBesideAFault: Scenario = {
  name: 'late-generator-beside-a-fault',
  seen: 'Any fault, and one operation that was never started, switched off the tests of rate and lag for the whole run.',
  async play(stage) {
    const under = stage.begin(
      'local:redis',
      'name: late',
      'pattern: mix',
      'keys: { count: 50 }',
      'load: { open: { rate: 500/s } }',
      'phases: [ { warm-up: 500ms }, { steady: 6s } ]',
      'faults: [ { at: 5s, kill: primary, for: 200ms } ]',
    )
    await pause(3_000)
    // The generator itself stands still, long before the fault.
    for (let stop = 0; stop < 2; stop++) {
      process.kill(under.pid, 'SIGSTOP')
      await pause(600)
      process.kill(under.pid, 'SIGCONT')
      await pause(200)
    }
    const played = await under.ended
    const { scheduleLagP99Nanos, reasons } = played.cell.audit
    return [
      finding('the generator was late', scheduleLagP99Nanos > 50e6, { lagMillis: scheduleLagP99Nanos / 1e6 }),
      finding('and the lamp says so', played.lamp.colour !== 'green' && /generator|lag/i.test(played.lamp.words), { ...played.lamp, reasons }),
    ]
  },
}
