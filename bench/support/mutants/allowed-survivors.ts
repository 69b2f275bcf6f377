import type { AllowedSurvivor } from './judge-room.ts'

/** Mutants that may live, and why. The bar says which of these have become needless. */
export const ALLOWED_SURVIVORS: readonly AllowedSurvivor[] = []
