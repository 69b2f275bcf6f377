/**
 * Which key operation `index` is about: a pure function of (seed, index). One file a distribution: zipf, uniform,
 * hotspot, latest; held to `key-chooser.contract.ts`. Key ids are integers in [0, count).
 */
export interface KeyChooser {
  readonly count: number
  /** "zipf 0.99 over 100,000 keys" */
  readonly description: string
  /** Lane: 0 unless one operation needs several keys. */
  key(index: number, lane?: number): number
}
