import { type Interval, mean, standardDeviation } from '../statistics.ts'
import { criticalT } from './noncentrality-for.ts'

/**
 * The interval of a mean: Student's, moved where the samples lean to one side by more than chance explains.
 *
 * Student's alone covers 90.0 % instead of 95 % for ten exponential samples. Bootstrap-t covers 94 %, but in the tails that
 * a family needs (1 - 0.05 / 8) the resamples of six to ten blocks are too few and too wild: it finds half of what Student's
 * finds in four of five experiments. Hall's transformation of the t statistic ("On the removal of skewness by
 * transformation", J. R. Statist. Soc. B 54(1), 1992) corrects what bootstrap-t corrects, without resampling; taking only
 * the skewness beyond 1.645 standard errors, within which lie 90 % of normal samples, keeps Student's power where nothing
 * leans: 90.9 % and 79.3 to 80 %. `npm run long -- words` measures it.
 */
export function meanInterval(samples: readonly number[], confidence: number): Interval {
  const n = samples.length
  if (n < 2) return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const centre = mean(samples)
  const error = standardDeviation(samples) / Math.sqrt(n)
  const critical = criticalT(confidence, n - 1)
  const lean = excessSkewness(samples, centre) / (6 * Math.sqrt(n))
  return { low: centre - untransformed(critical, lean) * error, high: centre - untransformed(-critical, lean) * error }
}

/** The t whose transform is `y`: t + lean (2 t^2 + 1) + (4/3) lean^2 t^3 = y. */
function untransformed(y: number, lean: number): number {
  if (Math.abs(lean) < 1e-9) return y
  return (Math.cbrt(1 + 6 * lean * (y - lean)) - 1) / (2 * lean)
}

const CHANCE_ERRORS = 1.645

/** Skewness of the samples without what chance explains; 0 for fewer than three, and where nothing varies. */
function excessSkewness(samples: readonly number[], centre: number): number {
  const n = samples.length
  let squares = 0
  let cubes = 0
  for (const sample of samples) {
    const off = sample - centre
    squares += off * off
    cubes += off * off * off
  }
  const scale = (squares / n) ** 1.5
  if (n < 3 || scale === 0) return 0
  const skewness = cubes / n / scale
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
  return Math.sign(skewness) * Math.max(0, Math.abs(skewness) - CHANCE_ERRORS * error)
}
