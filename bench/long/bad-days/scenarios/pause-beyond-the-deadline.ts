import { applicationCounts, numberIn, printedFigure } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const pauseBeyondTheDeadline: Scenario = {
  name: 'pause-beyond-the-deadline',
  seen: 'After a pause of 2 s under a deadline of 1 s a mix said "read p99 812 ms", although 5 % had waited at least 1 s.',
  async play(stage) {
    const fake = await stage.fake({ family: 'redis', behaviours: [{ pause: { afterCommands: 4_000, forMillis: 2_000 } }] })
    const played = await stage.play(
      fake,
      'name: paused',
      'pattern: mix',
      'keys: { count: 100 }',
      'load: { open: { rate: 1500/s, connections: 4 } }',
      'phases: [ { warm-up: 500ms }, { steady: 9s } ]',
      'deadline: 1s',
      'history: full',
      'expect: [ "read.p99 <= 900ms" ]',
    )
    const reads = applicationCounts(played.cell, 'read')
    const all = applicationCounts(played.cell)
    const share = all.unknown / all.all
    const p99 = printedFigure(played.out, 'read p99')
    const again = await stage.start(['report', played.out], played.out).ended
    return [
      finding('at least 1 % waited without an answer', share >= 0.01, { unknown: all.unknown, of: all.all, reads: reads.all }),
      finding('read p99 is printed as a bound', p99?.startsWith('≥') === true, p99 ?? 'no such column'),
      finding('which is what they had waited', numberIn(p99) >= 0.95, p99 ?? 'no such column'),
      finding('no expectation that it be lower holds', played.code !== 0, { code: played.code }),
      finding('the report made again says the same', printedFigure(again.out, 'read p99') === p99, printedFigure(again.out, 'read p99') ?? ''),
    ]
  },
}
