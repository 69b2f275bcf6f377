/** Every block has draws of its own; all cells of a block have the same. */
export function blockSeed(seed: number, block: number): number {
  return (seed + block * 0x9e3779b1) % Number.MAX_SAFE_INTEGER
}
