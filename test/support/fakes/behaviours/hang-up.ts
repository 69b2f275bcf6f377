import type { Behaviour } from '../behaviour.ts'

/** Ends connections as soon as they stand, all behind the first `afterConnections`: a load balancer without a server behind it. */
export function hangUp({ as = 'end', afterConnections = 0 }: { readonly as?: 'end' | 'reset'; readonly afterConnections?: number } = {}): Behaviour {
  return { accept: (nth) => (nth >= afterConnections ? as : undefined) }
}
