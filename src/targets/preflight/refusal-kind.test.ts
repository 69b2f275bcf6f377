import { expect, test } from 'vitest'
import { refusalKind } from './refusal-kind.ts'

test.each([
  // Redis 6 and 7, Valkey.
  ["NOPERM this user has no permissions to run the 'get' command or its subcommand", 'command'],
  ["NOPERM User app has no permissions to run the 'client|setname' command", 'command'],
  ['NOPERM this user has no permissions to access one of the keys used as arguments', 'keys'],
  ['NOPERM No permissions to access a key', 'keys'],
  ["EXECABORT Transaction discarded because of: NOPERM this user has no permissions to run the 'exec' command", 'command'],
  ["EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'.", 'memory'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'memory'],
  ["READONLY You can't write against a read only replica.", 'state'],
  ['NOAUTH Authentication required.', 'state'],
  ["ERR unknown command 'GETEX', with args beginning with: 'k' 'PX' '10' ", 'unknown'],
  ["ERR unknown subcommand 'NO-TOUCH'. Try CLIENT HELP.", 'unknown'],
  ['ERR Protocol error: invalid bulk length', 'size'],
  ['ERR syntax error', 'words'],
  // Memcached.
  ['SERVER_ERROR object too large for cache', 'size'],
  ['SERVER_ERROR out of memory storing object', 'memory'],
  ['ERROR', 'words'],
  ['CLIENT_ERROR unauthenticated', 'words'],
  // About this one time, for all that can be told.
  ['SERVER_ERROR a backend timed out', undefined],
  ['EXECABORT Transaction discarded because of previous errors.', undefined],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', undefined],
  ['<script>', undefined],
])('%s', (text, kind) => {
  expect(refusalKind(text)).toBe(kind)
})
