import type { Settings } from './settings.ts'
import { isEvictionPolicy } from './settings.ts'

/** A CONFIG parameter. `set` gives the change to make, or what is wrong; without it the parameter is fixed. */
export interface Parameter {
  get(settings: Settings): string
  set?(text: string): ((settings: Settings) => void) | string
}

const fixed = (value: string): Parameter => ({ get: () => value })

/** A whole number that is not negative (integerConfig with INTEGER_CONFIG in config.c). */
const count = (name: 'lfuLogFactor' | 'lfuDecayMinutes'): Parameter => ({
  get: (settings) => String(settings[name]),
  set: (text) => {
    if (!/^-?\d{1,18}$/.test(text)) return "argument couldn't be parsed into an integer"
    const value = Number(text)
    if (value < 0 || value > INT_MAX) return `argument must be between 0 and ${INT_MAX} inclusive`
    return (settings) => {
      settings[name] = value
    }
  },
})

const INT_MAX = 2_147_483_647

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1000, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3 }

/** memtoull in util.c. */
function parseMemory(text: string): number | undefined {
  const found = /^(\d+)([a-z]*)$/i.exec(text)
  const unit = found && UNITS[found[2]!.toLowerCase()]
  return unit ? Number(found[1]) * unit : undefined
}

/** What CONFIG GET shows; defaults of a server started without a file, no persistence. */
export const parameters: Readonly<Record<string, Parameter>> = {
  maxmemory: {
    get: (settings) => String(settings.maxMemoryBytes),
    set: (text) => {
      const bytes = parseMemory(text)
      if (bytes === undefined) return 'argument must be a memory value'
      return (settings) => {
        settings.maxMemoryBytes = bytes
      }
    },
  },
  'maxmemory-policy': {
    get: (settings) => settings.maxMemoryPolicy,
    set: (text) => {
      const policy = text.toLowerCase()
      if (!isEvictionPolicy(policy)) {
        return 'argument(s) must be one of the following: volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction'
      }
      return (settings) => {
        settings.maxMemoryPolicy = policy
      }
    },
  },
  'maxmemory-samples': {
    get: (settings) => String(settings.maxMemorySamples),
    set: (text) => {
      const samples = /^\d{1,9}$/.test(text) ? Number(text) : 0
      if (samples < 1 || samples > 64) return 'argument must be between 1 and 64 inclusive'
      return (settings) => {
        settings.maxMemorySamples = samples
      }
    },
  },
  'lfu-log-factor': count('lfuLogFactor'),
  'lfu-decay-time': count('lfuDecayMinutes'),
  requirepass: {
    get: (settings) => settings.password,
    set: (text) => (settings) => {
      settings.password = text
    },
  },
  databases: fixed('16'),
  save: fixed(''),
  appendonly: fixed('no'),
  'proto-max-bulk-len': fixed('536870912'),
  timeout: fixed('0'),
}
