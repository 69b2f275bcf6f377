import { compareVersions } from '../../engine/memcached/profiles.ts'
import { commandDefinitions } from '../../engine/redis/all-commands.ts'
import { bytesInWords } from '../../measure/words.ts'
import { KEY_PREFIX } from '../own-prefix.ts'
import { aclAdditions } from './acl-additions.ts'
import { listed } from './listed.ts'
import type { Explanation, Refusal, RefusalFacts } from './refusal.ts'
import { withoutPassedOn } from './refusal-kind.ts'

/** Why a Redis or Valkey refuses commands of one kind, and the ACL line or setting that would mend it. */
export function explainRedisRefusal(refusals: readonly Refusal[], facts: RefusalFacts): Explanation {
  const { kind, text } = refusals[0]!
  const names = listed(refusals)
  switch (kind) {
    case 'command':
    case 'keys':
      return lackingPermission(refusals, facts)
    case 'memory':
      return outOfMemory(names, facts)
    case 'size':
      return {
        code: 'TARGET_UNUSABLE',
        what: `refuses values of ${bytesInWords(facts.largestValueBytes)}, the largest of this workload (${text})`,
        hint: `CONFIG SET proto-max-bulk-len ${facts.largestValueBytes}`,
      }
    case 'unknown':
      return {
        code: 'TARGET_UNUSABLE',
        what: `does not know ${names}`,
        hint: `Aim at Redis ${newestOf(refusals)} or later, or Valkey. Where a command was disabled or renamed (rename-command), give it its name back.`,
      }
    case 'state':
      return explainRedisState(text, names)
    default:
      return { code: 'TARGET_UNUSABLE', what: `refuses ${names}: ${text}`, hint: `Aim at Redis ${newestOf(refusals)} or later, or Valkey.` }
  }
}

/** What our commands need as we write them: SET with PX, NX and XX is from 2.6.12. */
const OLDEST_VERSION = '2.6.12'

/** The version from which on all of these commands are there. */
function newestOf(refusals: readonly Refusal[]): string {
  const since = refusals.map(({ command }) => commandDefinitions.find(({ name }) => name === command.toLowerCase())?.since ?? OLDEST_VERSION)
  return [OLDEST_VERSION, ...since].sort(compareVersions).at(-1)!
}

/** All that is missing at once: who may not send a command is not told whether the key would have been allowed. */
export function lackingPermission(
  refusals: readonly Refusal[],
  { user, needs, keysAllowed }: Pick<RefusalFacts, 'user' | 'needs' | 'keysAllowed'>,
): Explanation {
  const commands = refusals.filter(({ kind }) => kind === 'command')
  const keysRefused = refusals.some(({ kind }) => kind === 'keys')
  const doings = [
    ...(commands.length > 0 ? [`send ${listed(commands, 'or')}`] : []),
    ...(keysRefused ? [`touch keys that begin with ${KEY_PREFIX}`] : []),
  ]
  const line = aclAdditions({ user, commands: needs, keys: !keysAllowed })
  const unsure = keysAllowed || keysRefused ? '' : `\n  (without ~${KEY_PREFIX}* if the user may touch all keys already)`
  return { code: 'TARGET_AUTH', what: `does not let the user ${user} ${doings.join(', nor ')}`, hint: line + unsure }
}

function outOfMemory(names: string, { settings, ours }: RefusalFacts): Explanation {
  const policy = settings['maxmemory-policy']
  const limit = settings['maxmemory'] === undefined ? '' : ` of ${settings['maxmemory']}`
  const evicts = policy !== undefined && policy !== 'noeviction'
  const why = evicts ? `its maxmemory-policy ${policy} finds nothing to evict` : 'it evicts nothing (maxmemory-policy noeviction)'
  const settled = ours
    ? `Give the target more memory (?maxmemory=64mb)${evicts ? '' : ', or let it evict (?policy=allkeys-lru)'}.`
    : `CONFIG SET maxmemory-policy allkeys-lru\n  or give it more memory: CONFIG SET maxmemory 64mb`
  return { code: 'TARGET_UNUSABLE', what: `refuses ${names}, because its memory${limit} is full and ${why}`, hint: settled }
}

/** By error code: what is the matter, and what to do. */
const STATES: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  MISCONF: [
    "can't write to its disk and takes no writes until it can",
    'CONFIG SET stop-writes-on-bgsave-error no\n  or mend its disk: INFO persistence says more',
  ],
  LOADING: ['is still loading its data', 'Wait until it is done.'],
  BUSY: ['is busy running a script', 'Wait until it is done, or SCRIPT KILL.'],
  MASTERDOWN: ['is a replica without a link to its primary', 'Aim at the primary, or CONFIG SET replica-serve-stale-data yes.'],
  CLUSTERDOWN: ['is part of a cluster that is down', 'CLUSTER INFO says why; a cluster serves when each of its slots has a primary.'],
  NOREPLICAS: ['has too few replicas to take writes', 'CONFIG SET min-replicas-to-write 0\n  or bring its replicas back'],
  MOVED: ['is one of several shards of a cluster', 'Aim at a server or cache with cluster mode disabled, or with one shard.'],
}

/** Why a Redis or Valkey serves nobody, or takes no writes, by its own words. */
export function explainRedisState(said: string, names: string): Explanation {
  const text = withoutPassedOn(said)
  const code = text.split(' ', 1)[0]!
  if (code === 'NOAUTH') return { code: 'TARGET_AUTH', ...WANTS_PASSWORD }
  if (code === 'READONLY') return { code: 'TARGET_READONLY', what: IS_REPLICA, hint: aimAtPrimary('its primary') }
  const [what, hint] = STATES[code] ?? STATES['MOVED']!
  return { code: 'TARGET_UNUSABLE', what: `${what}, so it refuses ${names} (${text})`, hint }
}

const WANTS_PASSWORD = {
  what: 'the server wants a password',
  hint: 'Put it in the URL (redis://user:password@host) or in CACHEPROOF_PASSWORD.',
}

export const IS_REPLICA = 'is a replica and takes no writes'

export function aimAtPrimary(primary: string): string {
  return `Aim at ${primary}; at ElastiCache use the primary endpoint, not the reader.`
}
