import { finding, type Scenario } from '../scenario.ts'
import { askRedis } from '../stage.ts'

export const connectionsOfInstances: Scenario = {
  name: 'connections-of-instances',
  seen: 'With several instances each opened one connection and their parent kept idle ones, whatever `connections` said.',
  async play(stage) {
    const server = await stage.server('redis')
    const under = stage.begin(
      server,
      'name: shared-out',
      'pattern: session-store',
      'keys: { count: 200 }',
      'load: { open: { rate: 300/s, connections: 7 } }',
      'phases: [ { steady: 3s } ]',
      'instances: 3',
      'baseline: false',
    )
    await stage.loadReaches(server)
    // The one that asks is none of theirs.
    const open =
      String(await askRedis(server, 'CLIENT', 'LIST'))
        .trim()
        .split('\n').length - 1
    const played = await under.ended
    return [
      finding('as many connections are open as were asked for', open === 7, { open }),
      finding('run.json tells what was open', played.cell.connections === 7, { connections: played.cell.connections }),
    ]
  },
}
