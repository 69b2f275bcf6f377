import {
  applicationCounts,
  cacheCounts,
  exitCodeOf,
  expectationOf,
  mostFrequentError,
  namesCount,
  numberIn,
  printedFigure,
  successesPerSecond,
} from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

/** Of 50 clients in 2 s that wait 5 ms each time; without waiting there were 240,000. */
const MOST_REFUSALS = 20_000

export const killedPrimary: Scenario = {
  name: 'killed-primary',
  seen: 'A server that was dead for two of three seconds looked eight times as fast: instant refusals were counted as operations.',
  async play(stage) {
    const load = ['kv-mix', '--target', 'local:redis', '--duration', '3s']
    const unharmed = await stage.run(load)
    const killed = await stage.run([...load, '--fault', 'kill:primary@1s for 2s'])
    const { cell } = killed
    const rate = numberIn(printedFigure(killed.out, 'rate'))
    const successes = successesPerSecond(cell)
    const unharmedRate = numberIn(printedFigure(unharmed.out, 'rate'))
    const errors = mostFrequentError(applicationCounts(cell))
    const cacheErrors = mostFrequentError(cacheCounts(cell))
    const compared = await stage.start(['compare', unharmed.out, killed.out], killed.out).ended
    const ofErrors = expectationOf(killed.run, 'errors == 0')
    return [
      finding('the rate is what was answered with success, a second', Math.abs(rate / successes - 1) < 0.02, { rate, successes }),
      finding('it is not above what an unharmed run makes', rate <= unharmedRate, { rate, unharmedRate }),
      finding('errors stand in the first lines, with code and count', !!errors && namesCount(killed.firstLines, errors.code, errors.count), {
        errors,
        firstLines: killed.firstLines,
      }),
      finding('those of the cache, too', !!cacheErrors && namesCount(killed.firstLines, cacheErrors.code, cacheErrors.count), { cacheErrors }),
      finding('refused clients wait before they come again', applicationCounts(cell).failed < MOST_REFUSALS, applicationCounts(cell)),
      finding('expectations leave out the time of the fault', ofErrors !== undefined && ofErrors.outcome !== 'fails', ofErrors ?? 'no such verdict'),
      finding('no comparison takes the dead server for a faster one', !/\brate\b[^\n]*\bbetter\b/i.test(compared.stdout), compared.all),
      finding('the exit code follows the verdicts', killed.code === exitCodeOf(killed.run), { code: killed.code, verdicts: exitCodeOf(killed.run) }),
    ]
  },
}
