import type { BinaryAnswer, BinaryDeed, BinaryRequest } from '../../../test/support/binary-memcached.ts'
import { encodeBinaryAnswer } from '../../../test/support/binary-memcached.ts'
import type { BehaviourSpec } from '../../../test/support/fakes/behaviour-registry.ts'
import type { BinaryHostility, HostileKind } from './hostile-kind.ts'

/** Every third command in the middle of a run: what is right beside what is wrong; each one where nothing is ever right. */
const some = (afterCommands: number) => ({ afterCommands, every: afterCommands === 0 ? 1 : 3 })

const doing =
  (spec: (some: { readonly afterCommands: number; readonly every: number }) => BehaviourSpec) =>
  (after: number): readonly BehaviourSpec[] => [spec(some(after))]

/** Of the commands that are about data; what is said to log in and to say what one is (opcodes 0x20 and 0x21, none of memjs' here) is none. */
const binary =
  (answer: (request: BinaryRequest) => readonly (BinaryAnswer | BinaryDeed)[]) =>
  (after: number): BinaryHostility => ({
    answer: (request) => (request.nth >= after && (after === 0 || request.nth % 3 === 0) ? answer(request) : undefined),
  })

const bytes = (text: string): BinaryDeed => ({ bytes: Buffer.from(text, 'latin1') })
const GET = 0
const HTTP = 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n400 Bad Request'
const DENIED = (error: string) => doing((chosen) => ({ deny: { error, ...chosen } }))

/** What a client may call an answer that it can't make sense of, and the end that it then makes. */
const NOT_UNDERSTOOD =
  /protocol|unexpected-reply|where .* due|nested deeper|is no RESP|no memcached|closed|answers like something|be understood|nobody asked for|RESP type|timeout|no answer within/i
/** Under its own defaults memjs never hears of the end of a connection, and waits. */
const ENDED = /closed|refused|not-sent|not answer|no answer|ended|reset|ECONNRESET|timeout/i
const UNANSWERED = /timeout|no answer|not answer|silent/i

/** Every kind of hostile server, in the order in which they are played. */
export const HOSTILE_KINDS: readonly HostileKind[] = [
  {
    name: 'status-for-a-value',
    does: 'answers +OK, or NOT_FOUND, where a value was due',
    redis: doing((chosen) => ({ wrongType: { as: 'status', ...chosen } })),
    memcached: doing((chosen) => ({ wrongType: chosen })),
    binary: binary(() => [{ status: 1 }]),
    says: /unexpected-reply|where .* due/i,
  },
  {
    name: 'integer-for-a-value',
    does: 'answers an integer whatever it is asked',
    redis: doing((chosen) => ({ wrongType: { as: 'integer', ...chosen } })),
    memcached: doing((chosen) => ({ answer: { bytes: '42\r\n', ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'array-for-a-status',
    does: 'answers an array whatever it is asked',
    redis: doing((chosen) => ({ wrongType: { as: 'array', ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'map-for-a-status',
    does: 'answers a map of RESP3 to who speaks RESP2',
    redis: doing((chosen) => ({ wrongType: { as: 'map', ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'surplus-reply',
    // Not in the binary protocol, where an answer that nobody asked for is known by its number, and nobody's.
    does: 'answers once more than it was asked',
    redis: doing((chosen) => ({ surplus: chosen })),
    memcached: doing((chosen) => ({ surplus: chosen })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'missing-reply',
    does: 'leaves a command out and answers the next one in its place',
    redis: doing((chosen) => ({ silence: chosen })),
    memcached: doing((chosen) => ({ silence: chosen })),
    binary: binary(() => []),
    says: UNANSWERED,
  },
  {
    name: 'nested-100000-deep',
    does: 'answers arrays within arrays, a hundred thousand of them',
    redis: doing((chosen) => ({ deep: { depth: 100_000, ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'nested-1000-deep',
    does: 'answers arrays within arrays, a thousand of them',
    redis: doing((chosen) => ({ deep: { depth: 1_000, ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'value-of-8-GB',
    does: 'announces a value of 8 GB, of 4 GB where a header holds no more, and sends as much as is taken',
    redis: doing((chosen) => ({ endless: chosen })),
    memcached: doing((chosen) => ({ endless: chosen })),
    binary: binary(() => [{ status: 0, announcedBytes: 0xffff_ffff }, { endless: true }]),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'value-just-beyond',
    does: 'announces a value of a byte more than is taken, and sends as much as is taken',
    redis: doing((chosen) => ({ answer: { bytes: `$536870913\r\n${'x'.repeat(100_000)}`, ...chosen } })),
    memcached: doing((chosen) => ({ answer: { bytes: `VALUE k 0 67108865\r\n${'x'.repeat(100_000)}`, ...chosen } })),
    binary: binary(() => [{ status: 0, announcedBytes: 67_108_865 + 4 }, { endless: true }]),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'endless-array',
    does: 'answers an array, or values, without end',
    redis: doing((chosen) => ({ endless: { as: 'array', ...chosen } })),
    memcached: doing((chosen) => ({ endless: { as: 'array', ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'endless-line',
    does: 'answers a line without end',
    redis: doing((chosen) => ({ endless: { as: 'line', ...chosen } })),
    memcached: doing((chosen) => ({ endless: { as: 'line', ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'negative-length',
    does: 'announces a value of -5 bytes, or a body shorter than the key in it',
    redis: doing((chosen) => ({ answer: { bytes: '$-5\r\nabc\r\n', ...chosen } })),
    memcached: doing((chosen) => ({ answer: { bytes: 'VALUE k 0 -5\r\n\r\nEND\r\n', ...chosen } })),
    binary: binary(() => [{ status: 0, keyBytes: 200 }, { endless: true }]),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'garbage',
    does: 'answers random bytes',
    redis: doing((chosen) => ({ garbage: chosen })),
    memcached: doing((chosen) => ({ garbage: chosen })),
    binary: binary(({ nth }) => [{ bytes: Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 151 + nth * 89 + 7) & 255)) }]),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'web-server',
    does: 'answers in HTTP',
    redis: doing((chosen) => ({ answer: { bytes: HTTP, ...chosen } })),
    memcached: doing((chosen) => ({ answer: { bytes: HTTP, ...chosen } })),
    binary: binary(() => [bytes(HTTP)]),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'text-for-binary',
    does: 'answers in the text protocol who speaks the binary one',
    binary: binary(() => [bytes('ERROR\r\n')]),
    says: NOT_UNDERSTOOD,
  },
  ...(['hang', 'end', 'reset'] as const).map(
    (then): HostileKind => ({
      name: `half-a-reply-then-${then === 'hang' ? 'silence' : then}`,
      does: `sends half of an answer, and then ${{ hang: 'nothing', end: 'ends the connection', reset: 'resets the connection' }[then]}`,
      redis: doing((chosen) => ({ halfReply: { then, ...chosen } })),
      memcached: doing((chosen) => ({ halfReply: { then, ...chosen } })),
      binary: binary((request) => [
        { bytes: encodeBinaryAnswer(request, { status: 0 }).subarray(0, 12) },
        ...(then === 'hang' ? [] : [{ over: then }]),
      ]),
      says: then === 'hang' ? UNANSWERED : ENDED,
    }),
  ),
  ...(['end', 'reset'] as const).map(
    (as): HostileKind => ({
      name: `${as}s-at-once`,
      does: `accepts connections and ${as}s them`,
      redis: (after) => [{ hangUp: { as, afterConnections: after === 0 ? 0 : 1 } }],
      memcached: (after) => [{ hangUp: { as, afterConnections: after === 0 ? 0 : 1 } }],
      binary: (after) => ({ accept: (connection) => (connection >= (after === 0 ? 0 : 1) ? as : undefined) }),
      says: ENDED,
    }),
  ),
  {
    name: 'mute',
    does: 'accepts connections and never says a word',
    redis: (after) => [{ silence: { commands: ['*'], afterCommands: after } }],
    memcached: (after) => [{ silence: { commands: ['*'], afterCommands: after } }],
    binary: (after) => ({ answer: ({ nth }) => (nth >= after ? [] : undefined) }),
    says: UNANSWERED,
  },
  {
    name: 'ends-after-some',
    does: 'ends each connection after some commands',
    redis: (after) => [{ endAfter: { commands: after } }],
    memcached: (after) => [{ endAfter: { commands: after } }],
    binary: (after) => ({ answer: ({ nth }) => (nth % (after + 1) === after ? [{ over: 'end' }] : undefined) }),
    says: ENDED,
  },
  {
    name: 'resets-after-some',
    does: 'resets each connection after some commands',
    redis: (after) => [{ resetAfter: { commands: after } }],
    memcached: (after) => [{ resetAfter: { commands: after } }],
    binary: (after) => ({ answer: ({ nth }) => (nth % (after + 1) === after ? [{ over: 'reset' }] : undefined) }),
    says: ENDED,
  },
  {
    name: 'loading-for-ever',
    isPatience: true,
    does: 'reads its data from a disk, and is never done',
    redis: (after) => [
      { deny: { ...(after === 0 ? { commands: ['*'] } : {}), afterCommands: after, error: 'LOADING Redis is loading the dataset in memory' } },
    ],
    says: /LOADING|loading its data/,
  },
  { name: 'noauth', does: 'wants a login', redis: DENIED('NOAUTH Authentication required.'), says: /NOAUTH|wants a password/ },
  {
    name: 'noperm-for-one',
    does: 'forbids one command',
    redis: (after) => [
      { deny: { commands: ['SET', 'ZINCRBY'], afterCommands: after, error: 'NOPERM this user has no permissions to run this command' } },
    ],
    says: /NOPERM|does not let the user|not tested|refuse/i,
  },
  {
    name: 'out-of-memory',
    does: 'has no memory left',
    redis: (after) => [
      { deny: { commands: ['SET', 'ZINCRBY'], afterCommands: after, error: "OOM command not allowed when used memory > 'maxmemory'." } },
    ],
    memcached: (after) => [{ deny: { commands: ['set', 'add', 'ms'], afterCommands: after, error: 'SERVER_ERROR out of memory storing object' } }],
    binary: binary(({ opcode }) => [{ status: opcode === GET ? 1 : 0x82 }]),
    says: /OOM|out of memory|memory/i,
  },
  { name: 'read-only', does: 'is a replica', redis: DENIED("READONLY You can't write against a read only replica."), says: /READONLY|replica/ },
  { name: 'moved', does: 'says MOVED and is no cluster', redis: DENIED('MOVED 866 10.9.9.9:6379'), says: /MOVED|cluster|shard/ },
  {
    name: 'misconf',
    does: 'can not save its snapshots and takes no writes',
    redis: DENIED('MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.'),
    says: /MISCONF|snapshot/,
  },
  {
    name: 'dribble',
    does: 'sends a byte at a time, 500 of them a second',
    redis: doing((chosen) => ({ slowDrip: { everyMillis: 2, ...chosen } })),
    memcached: doing((chosen) => ({ slowDrip: { everyMillis: 2, ...chosen } })),
    says: /timeout|no answer|not answer|bottleneck/i,
  },
  {
    name: 'info-nonsense',
    does: 'says nonsense of itself',
    redis: () => [{ answer: { commands: ['INFO'], bytes: '$34\r\nredis_version:\x1b[31m-1\r\nmaxmemory:x\r\n' } }],
    memcached: () => [{ answer: { commands: ['stats'], bytes: 'STAT maxbytes many\r\nSTAT num_threads \x1b[31m-1\r\nEND\r\n' } }],
    says: undefined,
  },
  {
    name: 'info-of-another-type',
    does: 'answers INFO with an array, or statistics without an end',
    redis: () => [{ wrongType: { commands: ['INFO'], as: 'array' } }],
    memcached: () => [{ answer: { commands: ['stats'], bytes: 'STAT a 1\r\n' } }],
    says: undefined,
  },
  {
    name: 'hello-that-lies',
    does: 'greets in words of its own, and of a version that it does not speak',
    redis: () => [{ answer: { commands: ['HELLO'], bytes: '%2\r\n$5\r\nproto\r\n:7\r\n+server\r\n*1\r\n_\r\n' } }],
    memcached: () => [{ answer: { commands: ['version'], bytes: 'VERSION \x1b[31m999.-1.x\r\n' } }],
    says: undefined,
  },
  ...(['grows', 'repeats'] as const).map(
    (cursor): HostileKind => ({
      name: `scan-whose-cursor-${cursor}`,
      isPatience: true,
      does: `never ends a SCAN: its cursor ${cursor}`,
      redis: () => [{ endlessScan: { cursor } }],
      says: undefined,
    }),
  ),
  {
    name: 'config-nonsense',
    does: 'answers CONFIG and COMMAND with nonsense',
    redis: () => [{ wrongType: { commands: ['CONFIG', 'COMMAND', 'CLIENT'], as: 'array' } }],
    says: undefined,
  },
  {
    name: 'no-end',
    does: 'leaves the END behind values out',
    memcached: doing((chosen) => ({ altered: { find: 'END\\r\\n$', put: '', ...chosen } })),
    says: UNANSWERED,
  },
  {
    name: 'value-of-another-key',
    does: 'answers with the value of a key that it was not asked for',
    memcached: doing((chosen) => ({ altered: { find: '^(VALUE \\S*?).( |$)|^END\\r\\n$', put: 'VALUE another 0 1\r\nv\r\nEND\r\n', ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'wrong-length',
    does: 'announces more bytes of a value, or fewer, than it sends',
    redis: doing((chosen) => ({ altered: { find: '^\\$-?\\d+', put: '$3', ...chosen } })),
    memcached: doing((chosen) => ({ answer: { bytes: 'VALUE k 0 3\r\nabcdefgh\r\nEND\r\n', ...chosen } })),
    binary: binary(() => [{ status: 0, announcedBytes: 3, value: Buffer.from('abcdefgh') }]),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'value-twice',
    does: 'answers one key with two values',
    memcached: doing((chosen) => ({ answer: { bytes: 'VALUE k 0 1\r\na\r\nVALUE k 0 1\r\nb\r\nEND\r\n', ...chosen } })),
    says: NOT_UNDERSTOOD,
  },
  {
    name: 'server-error',
    does: 'says SERVER_ERROR',
    memcached: DENIED('SERVER_ERROR \x1b[31mbackend is gone'),
    binary: binary(() => [{ status: 0x84 }]),
    says: /SERVER_ERROR|backend is gone|internal error/i,
  },
  {
    name: 'login-in-the-middle',
    does: 'wants a login of who speaks the binary protocol',
    binary: binary(() => [{ status: 0x20 }]),
    says: /closed|authentication|login|refused/i,
  },
]
