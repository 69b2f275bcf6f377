import fc from 'fast-check'
import type { KeyWord, PlannedCommand, PlannedWord } from './plan.ts'
import { delta, exptime, flags, value } from './pools.ts'

const metaKey: fc.Arbitrary<{ readonly key: KeyWord; readonly base64: boolean }> = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 2 }).map((key) => ({ key: { key, form: 'plain' as const }, base64: false })) },
  { weight: 2, arbitrary: fc.nat({ max: 2 }).map((key) => ({ key: { key, form: 'base64' as const }, base64: true })) },
  { weight: 1, arbitrary: fc.constantFrom('longest' as const, 'overlong' as const).map((form) => ({ key: { key: 0, form }, base64: false })) },
  // A text key that claims to be base64.
  { weight: 1, arbitrary: fc.constant({ key: { key: 0, form: 'plain' as const }, base64: true }) },
)

const lead = (letter: string, rest: fc.Arbitrary<string>) => rest.map((text) => letter + text)
const opaque = lead('O', fc.constantFrom('1', 'abc', '', 'x'.repeat(31), 'x'.repeat(32), '123'))
const casFlag: fc.Arbitrary<PlannedWord> = fc.oneof(
  fc.record({ back: fc.nat({ max: 2 }), letter: fc.constant('C' as const) }),
  fc.constantFrom('C0', 'C18446744073709551615', 'Cabc', 'C'),
)
const oddFlags = fc.constantFrom('!', '9', 'z', '~', 'P', 'L', 'Pabc', '\u00e9', 'A')

const getFlag: fc.Arbitrary<PlannedWord> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('v', 't', 'c', 'f', 's', 'k', 'h', 'l', 'q', 'u') },
  { weight: 2, arbitrary: opaque },
  { weight: 4, arbitrary: fc.oneof(lead('N', exptime), lead('R', exptime), lead('T', exptime)) },
  { weight: 1, arbitrary: oddFlags },
)
const setFlag: fc.Arbitrary<PlannedWord> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('c', 'k', 'q', 'I') },
  { weight: 2, arbitrary: opaque },
  { weight: 3, arbitrary: fc.oneof(lead('T', exptime), lead('F', flags)) },
  { weight: 3, arbitrary: fc.constantFrom('MS', 'ME', 'MA', 'MP', 'MR', 'MX', 'M', 'Mset') },
  { weight: 3, arbitrary: casFlag },
  { weight: 1, arbitrary: oddFlags },
)
const deleteFlag: fc.Arbitrary<PlannedWord> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('k', 'q', 'I') },
  { weight: 1, arbitrary: opaque },
  { weight: 2, arbitrary: lead('T', exptime) },
  { weight: 3, arbitrary: casFlag },
  { weight: 1, arbitrary: oddFlags },
)
const arithmeticFlag: fc.Arbitrary<PlannedWord> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('v', 't', 'c', 'k', 'q') },
  { weight: 1, arbitrary: opaque },
  { weight: 4, arbitrary: fc.oneof(lead('N', exptime), lead('T', exptime)) },
  { weight: 3, arbitrary: fc.oneof(lead('J', delta), lead('D', delta)) },
  { weight: 3, arbitrary: fc.constantFrom('MI', 'M+', 'MD', 'M-', 'Mi', 'MX', 'M') },
  { weight: 2, arbitrary: casFlag },
  { weight: 1, arbitrary: oddFlags },
)

function metaCommand(name: string, flag: fc.Arbitrary<PlannedWord>, data?: fc.Arbitrary<string>): fc.Arbitrary<PlannedCommand> {
  const words = fc.oneof(
    { weight: 9, arbitrary: distinct(flag) },
    // Twice the same flag.
    { weight: 1, arbitrary: fc.array(flag, { maxLength: 6 }) },
  )
  return fc.tuple(metaKey, words, data ?? fc.constant(undefined)).map(([key, some, block]) => {
    const line: PlannedWord[] = [name, key.key, ...(key.base64 ? ['b'] : []), ...some]
    return block === undefined ? line : [...line, block]
  })
}

function distinct(flag: fc.Arbitrary<PlannedWord>): fc.Arbitrary<PlannedWord[]> {
  return fc.uniqueArray(flag, { maxLength: 6, selector: (word) => (typeof word === 'string' ? word[0] : 'C') })
}

export const metaGet = metaCommand('mg', getFlag)
export const metaSet = metaCommand('ms', setFlag, value)
export const metaDelete = metaCommand('md', deleteFlag)
export const metaArithmetic = metaCommand('ma', arithmeticFlag)
export const metaDebug: fc.Arbitrary<PlannedCommand> = metaKey.map(({ key, base64 }) => ['me', key, ...(base64 ? ['b'] : [])])
