/**
 * The share of the standard normal distribution below `z`, absolutely exact to some 1e-15: the Taylor series of Marsaglia,
 * "Evaluating the Normal Distribution", Journal of Statistical Software 11(4), 2004. Beyond 8 there is nothing left to add.
 */
export function normalCdf(z: number): number {
  if (z < -8) return 0
  if (z > 8) return 1
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 + sum * Math.exp(-0.5 * z * z) * INVERSE_ROOT_TWO_PI
}

const INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI)
