import { numberIn, offeredPerSecond, printedFigure } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const backlogOfTheWarmUp: Scenario = {
  name: 'backlog-of-the-warm-up',
  seen: 'What the warm-up had left undone counted as achieved: 1.2 to 1.3 times what was offered.',
  async play(stage) {
    const seconds = 3
    const fake = await stage.fake({ family: 'redis', behaviours: [{ pause: { afterCommands: 150, forMillis: 1_600 } }] })
    const played = await stage.play(
      fake,
      'name: backlog',
      'pattern: mix',
      'keys: { count: 50 }',
      'load: { open: { rate: 1000/s, max_in_flight: 100 } }',
      `phases: [ { warm-up: 1500ms }, { steady: ${seconds}s } ]`,
      'deadline: 10s',
    )
    const offered = offeredPerSecond(played.cell) ?? Number.NaN
    const rate = numberIn(printedFigure(played.out, 'rate'))
    const limit = offered + (3 * Math.sqrt(offered * seconds)) / seconds
    return [finding('the rate is at most what was offered, within three standard errors', rate <= limit, { rate, offered, limit })]
  },
}
