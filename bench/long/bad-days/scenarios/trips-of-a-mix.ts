import { printedFigure } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const tripsOfAMix: Scenario = {
  name: 'trips-of-a-mix',
  seen: 'A mix, which asks the cache once for each operation, was said to make 0.00 round trips for each.',
  async play(stage) {
    const played = await stage.run(['kv-mix', '--target', 'local:redis', '--duration', '500ms'])
    const trips = printedFigure(played.out, 'round trips')
    return [finding('round trips are 1.00', trips === '1.00', trips ?? 'no such column')]
  },
}
