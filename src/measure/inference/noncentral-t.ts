import { normalCdf } from './normal-cdf.ts'

/**
 * The share of the noncentral t distribution below `t`: of (Z + noncentrality) / U, with Z standard normal and
 * `degrees` * U^2 chi-squared with as many degrees. What a t statistic is distributed like where there is a difference.
 *
 * By integration, P = E[Phi(t U - noncentrality)], with U = e^y: in y the density is proportional to
 * exp(degrees (y - e^2y / 2)), a bell with its peak at 0 for which the trapezoidal rule converges exponentially, and whose
 * constant drops out of a weighted mean. Agrees with AS 243 (Lenth, Applied Statistics 38(1), 1989) to ten digits, and
 * holds where its terms underflow. `degrees` >= 1.
 */
export function noncentralTCdf(t: number, degrees: number, noncentrality: number): number {
  if (!(degrees >= 1)) throw new RangeError(`${degrees} degrees of freedom; at least 1`)
  // A part of the width of whatever is narrower, the bell or the step of Phi.
  const step = 0.5 / Math.sqrt(2 * degrees + t * t)
  let weights = 1
  let sum = normalCdf(t - noncentrality)
  for (const direction of [step, -step]) {
    for (let y = direction; ; y += direction) {
      const exponent = degrees * (y + 0.5 - 0.5 * Math.exp(2 * y))
      if (exponent < LEAST_EXPONENT) break
      const weight = Math.exp(exponent)
      weights += weight
      sum += weight * normalCdf(t * Math.exp(y) - noncentrality)
    }
  }
  return sum / weights
}

/** e^-34 is below the last digit of a share. */
const LEAST_EXPONENT = -34
