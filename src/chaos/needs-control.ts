import type { FaultGround } from './fault.ts'

/** Why a process can't be killed there; undefined when it can. */
export function whyNoControl({ control, description }: FaultGround): string | undefined {
  return control === undefined ? `${description.label} was not started by cacheproof, so its process can't be killed or started` : undefined
}
