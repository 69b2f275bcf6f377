import fc from 'fast-check'
import type { Family } from './family.ts'
import { valueWord } from './pools.ts'

export const connectionFamily: Family = {
  id: 'connection',
  sentence: 'Commands about the connection itself answer and refuse as the reference engine does.',
  reach: 'connection',
  commands: ({ one, protocol }) => [
    one(2, 'PING', fc.array(valueWord, { maxLength: 2 })),
    one(2, 'ECHO', valueWord),
    one(1, 'SELECT', fc.constantFrom('0', '16', '-1', 'x', '', '99999999999', '9223372036854775808')),
    one(1, 'CLIENT SETNAME', fc.constantFrom('', 'me', 'a b', 'line\nbreak')),
    one(2, 'CLIENT GETNAME'),
    one(1, 'CLIENT ID'),
    one(1, 'CLIENT NO-EVICT', fc.constantFrom('ON', 'off', 'maybe')),
    one(1, 'CLIENT SETINFO', fc.constantFrom('LIB-NAME', 'lib-ver', 'LIB-AGE'), fc.constantFrom('x', 'a b', '')),
    one(0.5, 'CLIENT', fc.constantFrom('NOSUCH', 'nosuch\nline', 'ID', 'GETNAME')),
    one(1, 'HELLO', fc.constantFrom('4', '1', 'x', '99999999999999999999')),
    one(1, 'HELLO', String(protocol), fc.constantFrom('NOSUCH', 'SETNAME')),
    // No AUTH: valkey-server 8.0.1 swallows WRONGPASS when another command came before it in the pipeline.
    one(
      0.5,
      'COMMAND GETKEYS',
      fc.constantFrom(['MSET', 'a', 'b', 'c', 'd'], ['ZUNIONSTORE', 'd', '2', 'a', 'b', 'WEIGHTS', '1', '2'], ['SET', 'k', 'v']),
    ),
    one(1, 'NOSUCH', fc.array(valueWord, { maxLength: 4 })),
  ],
}
