import { neverReadShare } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const ownReadBack: Scenario = {
  name: 'own-read-back',
  seen: 'What the program read back for its checks counted as read by the application: 25.1 % never read were reported where it was 46.6 %.',
  async play(stage) {
    // Nobody reads, so that the truth is known.
    const played = await stage.play(
      'local:redis',
      'name: written-only',
      'pattern: write-through',
      'with: { write_ratio: 100%, ttl: none }',
      'keys: { count: 500 }',
      'load: { open: { rate: 500/s } }',
      'phases: [ { steady: 2s } ]',
      'baseline: false',
    )
    const readBack = played.cell.staleness?.readBack ?? 0
    const share = neverReadShare(played.cell)
    return [
      finding('the program read keys back', readBack > 0, { readBack }),
      finding('all bytes are never read by the application', share === 1, { share }),
    ]
  },
}
