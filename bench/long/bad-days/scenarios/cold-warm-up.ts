import { numberIn, printedFigure } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const coldWarmUp: Scenario = {
  name: 'cold-warm-up',
  seen: '`warm-up: auto` left a cold cache: hit ratio 56.8 % where it was 81.5 % warm.',
  async play(stage) {
    const withWarmUp = (warmUp: string) =>
      stage.play(
        'local:redis',
        'name: many-keys',
        'pattern: cache-aside',
        'with: { write_ratio: 0%, missing: 0%, ttl: 60s, ttl_jitter: 10% }',
        'keys: { count: 200k, popularity: { zipf: 0.99 } }',
        'values: { size: 100B }',
        'load: { open: { rate: 2000/s, max_in_flight: 2000 } }',
        `phases: [ { warm-up: ${warmUp} }, { steady: 6s } ]`,
        'history: off',
        'baseline: false',
      )
    const auto = await withWarmUp('auto')
    // Longer than any entry lives.
    const long = await withWarmUp('75s')
    const [ours, warm] = [auto, long].map(({ out }) => numberIn(printedFigure(out, 'hit ratio')))
    return [finding('the hit ratio is within 3 points of a long warm-up', Math.abs(ours! - warm!) <= 3, { auto: ours, warm })]
  },
}
