/** What CONFIG SET can change. One per engine; defaults are the server's. */
export interface Settings {
  /** 0 = no limit. */
  maxMemoryBytes: number
  maxMemoryPolicy: EvictionPolicy
  maxMemorySamples: number
  /** How much harder each step of an LFU counter is than the one before it. */
  lfuLogFactor: number
  /** Minutes without a use that take one off an LFU counter; 0 = it never decays. */
  lfuDecayMinutes: number
  /** What the default user has to say before anything else, one character a byte; empty = nothing. */
  password: string
}

export const evictionPolicies = [
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'noeviction',
] as const
export type EvictionPolicy = (typeof evictionPolicies)[number]

/** Those that evict what is used least often. */
export function isFrequencyPolicy(policy: EvictionPolicy): boolean {
  return policy === 'allkeys-lfu' || policy === 'volatile-lfu'
}

export function isEvictionPolicy(text: string): text is EvictionPolicy {
  return (evictionPolicies as readonly string[]).includes(text)
}
