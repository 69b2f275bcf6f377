import type { Arbitrary } from 'fast-check'
import fc from 'fast-check'
import type { Word } from '../../src/protocol/command.ts'

/** Words at the edges: where parsers, encodings and arithmetic change their minds. */

const INT64 = ['9223372036854775807', '-9223372036854775808', '9223372036854775806', '9223372036854775808', '-9223372036854775809']
const SAFE = ['9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740993']
const NO_INTEGERS = [' 1', '1 ', '01', '+1', '-0', '1.5', '', 'abc', '0x10', '1e3']

const small = fc.integer({ min: -20, max: 20 }).map(String)

export const integerWord: Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: small },
  { weight: 2, arbitrary: fc.constantFrom(...INT64, ...SAFE) },
  { weight: 1, arbitrary: fc.constantFrom(...NO_INTEGERS) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
)

/** What INCR and DECR, which step by one, overflow from or just reach the end with. */
export const int64EdgeWord: Arbitrary<string> = fc.constantFrom(
  '9223372036854775807',
  '9223372036854775806',
  '-9223372036854775808',
  '-9223372036854775807',
)

/** Positions: mostly within reach, sometimes far out. */
export const indexWord: Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -12, max: 12 }).map(String) },
  { weight: 2, arbitrary: fc.constantFrom('0', '-1', '100', '-100', '130', '9223372036854775807', '-9223372036854775808') },
  { weight: 1, arbitrary: fc.constantFrom(...NO_INTEGERS) },
)

const NO_FLOATS = ['nan', '-nan', ' 1', '1 ', '', 'abc', '1e400', '-1e400', '1e-400', '1x', '0x', '.', 'e5', '1e', '--1', '1_0']
const FLOATS = [
  '0.1',
  '0.2',
  '0.3',
  '-0.5',
  '1.5',
  '10.50',
  '3.0e3',
  '5e-1',
  '.5',
  '5.',
  '+1',
  '-0',
  '0',
  '1e17',
  '1e20',
  '1e-7',
  '123456789.123456789',
  '0x10',
]

export const floatWord: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 6, arbitrary: fc.constantFrom(...FLOATS) },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 3, arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('inf', '-inf', '+inf', 'Infinity', '-Infinity', 'INF') },
  { weight: 1, arbitrary: fc.constantFrom(...NO_FLOATS) },
  { weight: 1, arbitrary: fc.constantFrom('1e308', '1.7976931348623157e308', '-1.7976931348623157e308', '5e-324', '1e4000', ...SAFE, ...INT64) },
)

const text = (length: number) => 'abcdefghijklmnopqrstuvwxyz'.repeat(Math.ceil(length / 26)).slice(0, length)
const LENGTHS = [1, 2, 43, 44, 45, 63, 64, 65]

export const valueWord: Arbitrary<Word> = fc.oneof(
  { weight: 4, arbitrary: integerWord as Arbitrary<Word> },
  { weight: 4, arbitrary: fc.constantFrom<Word>('', 'a', 'value', 'Hello World') },
  { weight: 2, arbitrary: fc.constantFrom<Word>(...LENGTHS.map(text)) },
  { weight: 2, arbitrary: floatWord as Arbitrary<Word> },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) as Arbitrary<Word> },
  { weight: 1, arbitrary: fc.constantFrom<Word>('\u00e9\u20ac', 'a b', "it's", 'say "hi"', '\\', '\r\n', '\0') },
)

export const fieldWord: Arbitrary<Word> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Word>('f', 'g', 'h', 'i', 'j') },
  { weight: 1, arbitrary: fc.constantFrom<Word>('', text(64), text(65), 'F', '\u00e9') },
)

export const memberWord: Arbitrary<Word> = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom<Word>('a', 'b', 'c', 'd', 'e', 'aa', 'ab', 'B') },
  { weight: 1, arbitrary: fc.constantFrom<Word>('', text(64), text(65), '\u00e9', '-', '+', '[a') },
)

/** Times to live in seconds that end long after the test, or that must be refused or delete at once. */
export const secondsWord: Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('500', '1000', '5000', '100000') },
  { weight: 1, arbitrary: fc.constantFrom('0', '-1', '-100') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('9223372036854775807', '-9223372036854775808', '9223372036854775', '9223372036854776', '-9223372036854776'),
  },
  { weight: 1, arbitrary: fc.constantFrom(...NO_INTEGERS) },
)

export const millisWord: Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('500000', '1000000', '5000000', '100000000') },
  { weight: 1, arbitrary: fc.constantFrom('0', '-1', '-5') },
  { weight: 1, arbitrary: fc.constantFrom('9223372036854775807', '-9223372036854775808') },
  { weight: 1, arbitrary: fc.constantFrom(...NO_INTEGERS) },
)

/** Seconds since the epoch: years away, or long past. */
export const epochSecondsWord: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('4102444800', '4102444801', '4133980800', '5000000000') },
  { weight: 2, arbitrary: fc.constantFrom('1', '1000', '0', '-1', '1000000000') },
  { weight: 1, arbitrary: fc.constantFrom('9223372036854775807', '-9223372036854775808', '9223372036854776', 'abc', '1.5') },
)

export const epochMillisWord: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('4102444800000', '4102444800001', '4133980800000', '5000000000499', '5000000000500') },
  { weight: 2, arbitrary: fc.constantFrom('1', '1000', '0', '-1') },
  { weight: 1, arbitrary: fc.constantFrom('-9223372036854775808', 'abc', '1.5') },
)
