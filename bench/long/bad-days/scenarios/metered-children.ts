import { finding, type Scenario } from '../scenario.ts'
import { descendantsOf, pause, processorSeconds } from '../stage.ts'

export const meteredChildren: Scenario = {
  name: 'metered-children',
  seen: 'With instances in processes of their own only their parent was metered: 257,000/s at a utilisation of 0.009.',
  async play(stage) {
    const server = await stage.server('redis')
    const under = stage.begin(
      server,
      'name: two-instances',
      'pattern: mix',
      'keys: { count: 1k }',
      'load: { closed: { connections: 200 } }',
      'phases: [ { warm-up: 500ms }, { steady: 3s } ]',
      'instances: 2',
    )
    await stage.loadReaches(server)
    await pause(1_000)
    const instances = descendantsOf(under.pid, 'instance-main')
    const [before, began] = [instances.map(processorSeconds), performance.now()]
    await pause(1_500)
    const seconds = (performance.now() - began) / 1e3
    const busiest = Math.max(...instances.map((pid, index) => (processorSeconds(pid) - before[index]!) / seconds))
    const played = await under.ended
    const reported = played.cell.audit.eventLoopUtilization ?? 0
    return [
      finding('there were two instances', instances.length === 2, { instances }),
      // A loop that waits for the processor counts as busy, so that what is reported may be more.
      finding('the utilisation is that of the busiest process', reported >= 0.7 * Math.min(1, busiest), { reported, busiest }),
    ]
  },
}
