import type { Chance } from '../../../src/runtime/runtime.ts'
import type { HostileCommand, HostileKind } from './hostile-kind.ts'
import { HOSTILE_KINDS } from './kinds.ts'

/** One run: a kind of server, and how it is met. */
export interface HostileCase {
  readonly kind: HostileKind
  readonly server: 'redis' | 'memcached' | 'binary'
  readonly command: HostileCommand
  /** As `--client` names it; `validate` has none. */
  readonly client: string
  /** Of `run`. */
  readonly pattern: keyof typeof PATTERNS
  readonly isAtOnce: boolean
}

/** The lines of a workload file that make each pattern short. */
export const PATTERNS = {
  'cache-aside': ['with: { write_ratio: 30%, ttl: 30s }'],
  'write-through': ['with: { write_ratio: 30%, ttl: 30s }'],
  'session-store': ['with: { login: 20%, active: 16 }', 'instances: 2'],
  leaderboard: ['with: { top: 3 }'],
  mix: ['with: { get: 50% }'],
} as const

const CLIENTS = {
  redis: ['wire', 'ioredis', 'ioredis:defaults'],
  memcached: ['wire'],
  binary: ['memjs', 'memjs:defaults'],
} as const

/** In the order of the rounds; each kind has a turn a round. */
const COMMANDS: readonly HostileCommand[] = ['run', 'validate', 'run', 'profile']

/**
 * As many cases as are wanted, drawn by the seed: each kind once, by `run`, before any has its second turn, and each turn
 * another one of what the kind can be met by.
 */
export function drawCases(wanted: number, chance: Chance): readonly HostileCase[] {
  const draws = chance.stream('hostile servers')
  const cases: HostileCase[] = []
  for (let round = 0; cases.length < wanted; round++) {
    for (const [at, kind] of HOSTILE_KINDS.entries()) {
      if (cases.length === wanted) break
      const draw = <T>(list: readonly T[], place: number): T => list[draws.uint32(round * HOSTILE_KINDS.length + at, place) % list.length]!
      const wantedCommand = COMMANDS[round % COMMANDS.length]!
      const servers = (['redis', 'memcached', 'binary'] as const).filter((one) => kind[one] !== undefined)
      const server = draw(servers, 0)
      // No client of `validate` speaks the binary protocol.
      const command = server === 'binary' && wantedCommand === 'validate' ? 'run' : wantedCommand
      const patterns = (Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]).filter((one) => server === 'redis' || one !== 'leaderboard')
      const client = command === 'validate' ? 'wire' : draw(CLIENTS[server], 1)
      cases.push({ kind, server, command, client, pattern: draw(patterns, 2), isAtOnce: draw([true, false], 3) })
    }
  }
  return cases
}

/** "run session-store through ioredis" */
export function caseInWords({ kind, server, command, client, pattern, isAtOnce }: HostileCase): string {
  const what = command === 'run' ? `run ${pattern} through ${client}` : command === 'profile' ? `profile through ${client}` : command
  return `${kind.name} (${server}${isAtOnce ? '' : ', in the middle'}): ${what}`
}
