import fc from 'fast-check'
import type { KeyWord, PlannedCommand, PlannedWord } from './plan.ts'

/**
 * Words at the edges of what memcached takes. Mostly well-formed, so that sequences build up state; the rest is what
 * breaks parsers.
 */
const KEYS = 3

export const key: fc.Arbitrary<KeyWord> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ key: fc.nat({ max: KEYS - 1 }), form: fc.constant('plain' as const) }) },
  { weight: 2, arbitrary: fc.record({ key: fc.nat({ max: 1 }), form: fc.constant('longest' as const) }) },
  { weight: 1, arbitrary: fc.record({ key: fc.nat({ max: 1 }), form: fc.constant('overlong' as const) }) },
)

const pick = (usual: readonly string[], odd: readonly string[], oddWeight = 1) =>
  fc.oneof({ weight: 10, arbitrary: fc.constantFrom(...usual) }, { weight: oddWeight, arbitrary: fc.constantFrom(...odd) })

export const flags = pick(
  ['0', '0', '1', '65535', '4294967295'],
  ['4294967296', '-1', '18446744073709551615', '18446744073709551616', 'abc', '+7', '1.5', '-0', '007', '1\t2'],
)

export const exptime = pick(
  ['0', '0', '0', '100', '2592000'],
  ['-1', '2592001', '2147483647', '2147483648', '-2147483648', '-2147483649', 'abc', '+100', '99999999999999999999', '1e3', '', '100x'],
)

/**
 * No value of blanks alone, and none with a minus sign in it: where memcached looks for a number it reads on behind
 * the end of the first, and behind a high number it looks for a minus sign (see `isStrayMinus` in compare-plan.ts).
 */
export const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('0', '1', '9', '10', '99', '100', '18446744073709551615', '18446744073709551614', '9223372036854775808') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '',
      'x',
      'abc',
      'a b',
      ' 5',
      '5 ',
      '5 6',
      '007',
      '+3',
      '1.5',
      '18446744073709551616',
      '99999999999999999999999',
      '5\t',
      '\r\n7',
      'x\r\ny',
      '\u00e9',
      '12\u0000',
    ),
  },
  // Behind a line that is refused it is read as a line, and one of more than 2 KiB may end the connection.
  { weight: 1, arbitrary: fc.constantFrom('v'.repeat(100), 'w'.repeat(1_900)) },
)

const anyValue = fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constantFrom('x'.repeat(20_000), 'y'.repeat(200_000)) })

export const delta = pick(
  ['1', '0', '9', '10', '100', '18446744073709551615', '9223372036854775808'],
  ['18446744073709551616', '-1', '-18446744073709551615', 'abc', '+1', '01', '1.5', '', '0x10', '-0'],
)

/** A cas id that was seen, or one that no item has. */
export const cas: fc.Arbitrary<PlannedWord> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ back: fc.nat({ max: 2 }), letter: fc.constant('' as const) }) },
  { weight: 2, arbitrary: fc.constantFrom('0', '18446744073709551615', '18446744073709551616', '-1', 'abc', '+0') },
)

const noreply: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 9, arbitrary: fc.constant([]) },
  { weight: 2, arbitrary: fc.constant(['noreply']) },
)

export const STORAGE_NAMES = ['set', 'add', 'replace', 'append', 'prepend'] as const

export const storageCommand: fc.Arbitrary<PlannedCommand> = fc
  .tuple(fc.constantFrom(...STORAGE_NAMES, 'set' as const, 'set' as const), key, flags, exptime, noreply, value)
  .map(([name, k, f, e, quiet, v]) => [name, k, f, e, ...quiet, v])

/** Always stored, so its value may be of any size. */
export const plainSet: fc.Arbitrary<PlannedCommand> = fc
  .tuple(fc.nat({ max: KEYS - 1 }), fc.constantFrom('0', '1', '4294967295'), anyValue)
  .map(([k, f, v]) => ['set', { key: k, form: 'plain' }, f, '0', v])

export const casCommand: fc.Arbitrary<PlannedCommand> = fc
  .tuple(key, flags, exptime, cas, noreply, value)
  .map(([k, f, e, id, quiet, v]) => ['cas', k, f, e, id, ...quiet, v])

export const getCommand: fc.Arbitrary<PlannedCommand> = fc
  .tuple(fc.constantFrom('get', 'gets'), fc.array(key, { minLength: 1, maxLength: 4 }))
  .map(([name, keys]) => [name, ...keys])

export const gatCommand: fc.Arbitrary<PlannedCommand> = fc
  .tuple(fc.constantFrom('gat', 'gats'), exptime, fc.array(key, { minLength: 0, maxLength: 3 }))
  .map(([name, e, keys]) => [name, e, ...keys])

export const deleteCommand: fc.Arbitrary<PlannedCommand> = fc.tuple(key, noreply).map(([k, quiet]) => ['delete', k, ...quiet])

export const deltaCommand: fc.Arbitrary<PlannedCommand> = fc
  .tuple(fc.constantFrom('incr', 'decr'), key, delta, noreply)
  .map(([name, k, d, quiet]) => [name, k, d, ...quiet])

export const touchCommand: fc.Arbitrary<PlannedCommand> = fc.tuple(key, exptime, noreply).map(([k, e, quiet]) => ['touch', k, e, ...quiet])

/** Too few words, too many, the wrong case, no command at all. */
export const brokenCommand: fc.Arbitrary<PlannedCommand> = fc.oneof(
  fc.constantFrom<PlannedCommand[]>(
    ['get'],
    ['gets'],
    ['gat'],
    ['gat', '10'],
    ['gat', 'abc'],
    ['touch'],
    ['incr'],
    ['decr'],
    ['delete'],
    ['x'],
    ['foo', 'bar'],
    ['version'],
    ['version', 'a'],
    ['mx'],
    ['mg'],
    ['md'],
    ['ma'],
    ['me'],
    ['set', ''],
    ['ms', ''],
  ),
  fc
    .tuple(
      fc.constantFrom('delete', 'incr', 'decr', 'touch', 'verbosityx', 'GET', 'getx', 'bget', 'Set'),
      key,
      fc.array(fc.constantFrom('0', '1', 'noreply', 'a'), { maxLength: 4 }),
    )
    .map(([name, k, rest]) => [name, k, ...rest]),
  fc
    .tuple(fc.constantFrom(...STORAGE_NAMES, 'cas' as const), key, fc.array(fc.constantFrom('0', '1', 'noreply', 'a'), { maxLength: 5 }), value)
    .map(([name, k, rest, v]) => [name, k, ...rest, v]),
)

/** Mostly from `usual`; now and then something that breaks, or a look at everything. */
export function mixed(...usual: readonly { weight: number; arbitrary: fc.Arbitrary<PlannedCommand> }[]): fc.Arbitrary<PlannedCommand> {
  const total = usual.reduce((sum, { weight }) => sum + weight, 0)
  return fc.oneof(...usual, { weight: Math.max(1, Math.round(total * 0.05)), arbitrary: brokenCommand })
}
