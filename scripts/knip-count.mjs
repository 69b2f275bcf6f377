// A reporter for knip that says how many files it followed: scripts/check.mjs holds it to have seen some.
export default function countFiles({ counters }) {
  console.log(`files seen: ${counters.processed}`)
}
