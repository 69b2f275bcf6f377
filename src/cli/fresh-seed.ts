/** A seed for who gave none; it is printed, so that what was found can be had again. */
export function freshSeed(): number {
  return Number(process.hrtime.bigint() % 1_000_000_007n)
}
