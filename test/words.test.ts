import { describe, expect, it } from 'vitest'
import { judge, simulations } from '../bench/long/words.ts'

/** A fraction of `npm run long -- words`: what is far off shows in it. */
const SIZE = { families: 200, experiments: 400 }
/** Standard errors of a share so far off in one of 10,000 tests. The seed is fixed: a test that passes, passes. */
const ERRORS = 4

describe('simulated words are as often right as they say', () => {
  it.each(simulations(20261127).filter(({ least, most }) => least !== null || most !== null))('$name', (simulation) => {
    const { value, least, most, name } = judge(simulation, SIZE)
    const trials = name.startsWith('A/A') ? SIZE.families : SIZE.experiments
    const slack = (bound: number) => ERRORS * Math.sqrt((bound * (1 - bound)) / trials)
    if (least !== null) expect(value).toBeGreaterThan(least - slack(least))
    if (most !== null && most < 1) expect(value).toBeLessThan(most + slack(most))
  })
})
