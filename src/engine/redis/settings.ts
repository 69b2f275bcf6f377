/** What CONFIG SET can change. One per engine; defaults are the server's. */
export interface Settings {
  /** 0 = no limit. */
  maxMemoryBytes: number
  maxMemoryPolicy: EvictionPolicy
  maxMemorySamples: number
}

export const evictionPolicies = ['volatile-lru', 'volatile-random', 'volatile-ttl', 'allkeys-lru', 'allkeys-random', 'noeviction'] as const
export type EvictionPolicy = (typeof evictionPolicies)[number]

export function isEvictionPolicy(text: string): text is EvictionPolicy {
  return (evictionPolicies as readonly string[]).includes(text)
}
