import { applicationCounts, expectationOf, namesCount } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const timeoutsAreErrors: Scenario = {
  name: 'timeouts-are-errors',
  seen: '`errors == 0` held with 1,011 timeouts.',
  async play(stage) {
    const fake = await stage.fake({ family: 'redis', behaviours: [{ pause: { afterCommands: 300, forMillis: 1_500 } }] })
    const played = await stage.play(
      fake,
      'name: timeouts',
      'pattern: mix',
      'keys: { count: 100 }',
      'load: { closed: { connections: 20 } }',
      'phases: [ { steady: 3s } ]',
      'deadline: 400ms',
      'expect: [ "errors == 0" ]',
    )
    const counts = applicationCounts(played.cell)
    const verdict = expectationOf(played.run, 'errors == 0')
    const timeouts = counts.errors['timeout'] ?? 0
    return [
      finding('operations timed out', timeouts > 0, counts),
      finding('`errors == 0` fails', verdict?.outcome === 'fails', verdict ?? 'no such verdict'),
      finding('exit 1', played.code === 1, { code: played.code }),
      finding('they stand in the first lines', namesCount(played.firstLines, 'timeout', timeouts), played.firstLines),
    ]
  },
}
