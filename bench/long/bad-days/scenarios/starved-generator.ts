import { availableParallelism } from 'node:os'
import { finding, type Scenario } from '../scenario.ts'

export const starvedGenerator: Scenario = {
  name: 'starved-generator',
  seen: 'A generator that was starved by other processes measured soundly.',
  async play(stage) {
    const server = await stage.server('redis')
    for (let count = 0; count < 4 * availableParallelism(); count++) stage.beside(process.execPath, ['-e', 'for (;;);'])
    const played = await stage.play(
      server,
      'name: starved',
      'pattern: mix',
      'keys: { count: 1k }',
      'load: { closed: { connections: 2 } }',
      'phases: [ { steady: 3s } ]',
      'instances: 2',
    )
    return [finding('the lamp is not green', ['amber', 'red'].includes(played.lamp.colour), { ...played.lamp, audit: played.cell.audit })]
  },
}
