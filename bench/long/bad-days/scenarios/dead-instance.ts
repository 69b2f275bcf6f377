import { applicationCounts, offeredPerSecond, readHistory } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const deadInstance: Scenario = {
  name: 'dead-instance',
  seen: 'The share of an instance that died vanished uncounted (600/s became 400/s), and 3 % of its operations were in the history but not in run.json.',
  async play(stage) {
    const seconds = 6
    const played = await stage.play(
      'local:redis',
      'name: one-dies',
      'pattern: session-store',
      'keys: { count: 300 }',
      'load: { open: { rate: 600/s } }',
      `phases: [ { warm-up: 1s }, { steady: ${seconds}s } ]`,
      'instances: 3',
      'kill_instance: { instance: 1, at: 2s }',
      'baseline: false',
    )
    const { cell } = played
    const counts = applicationCounts(cell)
    const offered = (offeredPerSecond(cell) ?? Number.NaN) * seconds
    const rows = (await readHistory(played.out, cell)).filter(({ layer, phase }) => layer === 'app' && phase === 'steady')
    const ofDead = rows.filter(({ instance }) => instance === 1).length
    return [
      finding('every operation that was due is accounted for', Math.abs(counts.all - offered) <= 3 * Math.sqrt(offered), { ...counts, offered }),
      finding('the others take over', counts.ok >= 0.95 * offered, { ...counts, offered }),
      finding('all operations in the history are in run.json', counts.all === rows.length, { runJson: counts.all, history: rows.length, ofDead }),
    ]
  },
}
