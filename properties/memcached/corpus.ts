import type { Plan } from './plan.ts'

const a = { key: 0, form: 'plain' } as const
const a64 = { key: 0, form: 'base64' } as const
const longest = { key: 0, form: 'longest' } as const
const overlong = { key: 0, form: 'overlong' } as const
const seenCas = { back: 0, letter: '' } as const
const seenMetaCas = { back: 0, letter: 'C' } as const
const opaque32 = `O${'x'.repeat(32)}`

/**
 * Sequences that once told an engine from memcached 1.6.18, in their shortest form, and corners that no generator
 * should be left to find. Replayed against the engine and the real server by `test/differential-memcached.test.ts`.
 */
export const MEMCACHED_CORPUS: readonly { readonly name: string; readonly plan: Plan }[] = [
  {
    name: 'an exptime keeps its lower 32 bits',
    plan: [
      ['set', a, '0', '-2147483649', 'x'],
      ['get', a],
      ['touch', a, '2147483648'],
      ['get', a],
    ],
  },
  {
    name: 'a number ends at white space',
    plan: [
      ['set', a, '1\t2', '0', 'x'],
      ['get', a],
    ],
  },
  {
    name: 'flags keep their lower 32 bits',
    plan: [
      ['set', a, '18446744073709551615', '0', 'x'],
      ['get', a],
      ['set', a, '4294967296', '0', 'x'],
      ['get', a],
    ],
  },
  {
    name: 'T does nothing to a counter that grows',
    plan: [
      ['ms', a, '9'],
      ['ma', a, 'T100', 't'],
      ['mg', a, 't'],
    ],
  },
  {
    name: 'T works on a counter that does not grow',
    plan: [
      ['ms', a, '10'],
      ['ma', a, 'T100', 't'],
      ['mg', a, 't'],
    ],
  },
  {
    name: 'a read that ends in an error does not count',
    plan: [
      ['ms', a, 'x'],
      ['mg', a, opaque32, 'h'],
      ['me', a],
    ],
  },
  {
    name: 'an autovivified item is there although the answer is an error',
    plan: [
      ['mg', a, opaque32, 'N0'],
      ['me', a],
      ['get', a],
    ],
  },
  {
    name: 'decr keeps the length',
    plan: [
      ['set', a, '0', '0', '10'],
      ['decr', a, '1'],
      ['get', a],
      ['append', a, '0', '0', '0'],
      ['incr', a, '1'],
      ['get', a],
    ],
  },
  {
    name: 'incr wraps and grows',
    plan: [
      ['set', a, '7', '0', '9'],
      ['incr', a, '1'],
      ['get', a],
      ['incr', a, '18446744073709551615'],
      ['get', a],
    ],
  },
  {
    name: 'a minus sign makes a number of a counter only where it wraps low',
    plan: [
      ['set', a, '0', '0', '-1'],
      ['incr', a, '1'],
      ['incr', a, '-18446744073709551615'],
    ],
  },
  {
    name: 'an empty value is no number',
    plan: [
      ['set', a, '0', '0', ''],
      ['incr', a, '1'],
    ],
  },
  {
    name: 'append and prepend keep flags and exptime',
    plan: [
      ['set', a, '5', '100', 'x'],
      ['append', a, '9', '-1', 'y'],
      ['prepend', a, '9', '-1', 'w'],
      ['gets', a],
      ['mg', a, 't', 'f', 'v'],
    ],
  },
  {
    name: 'append forgets that the key was binary',
    plan: [
      ['ms', a64, 'b', 'x'],
      ['ms', a64, 'b', 'MA', 'k', 'y'],
      ['mg', a64, 'b', 'k', 'v'],
    ],
  },
  {
    name: 'an autovivified key is not binary',
    plan: [
      ['mg', a64, 'b', 'N30', 'k', 't'],
      ['mg', a, 'k', 't'],
    ],
  },
  {
    name: 'a meta answer shows the stored key as it was stored',
    plan: [
      ['ms', a64, 'b', 'k', 'x'],
      ['mg', a, 'k', 'v'],
      ['md', a, 'k'],
    ],
  },
  {
    name: 'a cas id of 0 matches nothing',
    plan: [
      ['set', a, '0', '0', 'x'],
      ['cas', a, '0', '0', '0', 'y'],
      ['ms', a, 'C0', 'y'],
      ['get', a],
    ],
  },
  {
    name: 'cas with the id that was read',
    plan: [
      ['set', a, '0', '0', 'x'],
      ['gets', a],
      ['cas', a, '0', '0', seenCas, 'y'],
      ['cas', a, '0', '0', seenCas, 'z'],
      ['gets', a],
    ],
  },
  {
    name: 'touch keeps the cas id',
    plan: [
      ['set', a, '0', '0', 'x'],
      ['gets', a],
      ['touch', a, '100'],
      ['gat', '0', a],
      ['gets', a],
    ],
  },
  {
    name: 'md I marks stale, gives a new cas id and lets one win',
    plan: [
      ['ms', a, 'c', 'x'],
      ['md', a, 'I', 'T30'],
      ['mg', a, 'c', 't', 'v'],
      ['mg', a, 'c', 'v'],
    ],
  },
  {
    name: 'a late value is stored stale',
    plan: [
      ['ms', a, 'c', 'x'],
      ['md', a, 'I'],
      ['ms', a, seenMetaCas, 'I', 'y'],
      ['mg', a, 'v'],
      ['mg', a, 'v'],
    ],
  },
  {
    name: 'R wins once',
    plan: [
      ['ms', a, 'T30', 'x'],
      ['mg', a, 'R60', 't'],
      ['mg', a, 'R60', 't'],
      ['ms', a, 'x'],
      ['mg', a, 'R60'],
    ],
  },
  {
    name: 'ma seeds, counts and keeps its time',
    plan: [
      ['ma', a, 'N100', 'J13', 'v', 't'],
      ['ma', a, 'D100', 'v', 't'],
      ['ma', a, 'MD', 'D200', 'v'],
      ['get', a],
    ],
  },
  {
    name: 'ms by mode',
    plan: [
      ['ms', a, 'MR', 'x'],
      ['ms', a, 'MA', 'x'],
      ['ms', a, 'ME', 'x'],
      ['ms', a, 'ME', 'y'],
      ['ms', a, 'MP', 'w'],
      ['ms', a, 'MX', 'y'],
      ['ms', a, 'M', 'y'],
      ['mg', a, 'v'],
    ],
  },
  {
    name: 'q is silent only where it was asked for',
    plan: [
      ['mg', a, 'q'],
      ['ms', a, 'q', 'x'],
      ['mg', a, 'q'],
      ['mg', a, 'v', 'q'],
      ['md', a, 'q'],
      ['md', a, 'q'],
      ['ma', a, 'q'],
      ['ma', a, 'q', 'N0'],
      ['ma', a, 'q'],
    ],
  },
  {
    name: 'a flag twice',
    plan: [
      ['mg', a, 't', 't'],
      ['ms', a, 'T1', 'T2', 'x'],
      ['md', a, 'q', 'q'],
      ['ma', a, 'v', 'v'],
    ],
  },
  {
    name: 'noreply hides errors of storage commands',
    plan: [
      ['set', a, 'abc', '0', 'noreply', 'x'],
      ['incr', a, 'noreply'],
      ['touch', a, 'x', 'noreply'],
      ['delete', a, 'noreply'],
      ['get', a, 'noreply'],
    ],
  },
  {
    name: 'delete with a number',
    plan: [
      ['set', a, '0', '0', 'x'],
      ['delete', a, '5'],
      ['delete', a, '0'],
      ['delete', a, '0', 'noreply'],
      ['delete', a, '0', '0'],
      ['delete', a, 'x', 'y', 'z'],
    ],
  },
  { name: 'gat without a key', plan: [['gat', '10'], ['gat', 'abc'], ['gat'], ['gats', '-1', a, a]] },
  {
    name: 'keys at the limit',
    plan: [
      ['set', longest, '0', '0', 'x'],
      ['get', longest],
      ['set', overlong, '0', '0', 'x'],
      ['get', a, overlong],
      ['mg', overlong],
      ['ms', overlong, 'x'],
      ['incr', overlong, '1'],
      ['delete', overlong],
      ['touch', overlong, '1'],
      ['me', overlong],
    ],
  },
  {
    name: 'too large',
    plan: [
      ['set', a, '0', '0', 'x'],
      ['append', a, '0', '0', 'x'.repeat(1_048_000)],
      ['set', a, '0', '0', 'x'.repeat(1_048_570)],
      ['get', a],
      ['set', a, '0', '0', 'x'],
      ['add', a, '0', '0', 'x'.repeat(1_048_570)],
      ['get', a],
      ['ms', a, 'ME', 'x'.repeat(1_048_570)],
      ['get', a],
    ],
  },
  {
    name: 'the largest value there is',
    plan: [
      ['set', a, '0', '0', 'x'.repeat(1_048_400)],
      ['append', a, '0', '0', 'y'.repeat(80)],
      ['append', a, '0', '0', 'y'.repeat(40)],
      ['incr', a, '1'],
      ['me', a],
    ],
  },
  {
    name: 'a negative exptime is over at once',
    plan: [
      ['set', a, '0', '-1', 'x'],
      ['get', a],
      ['set', a, '0', '0', 'x'],
      ['gat', '-1', a],
      ['get', a],
      ['ms', a, 'T-1', 'x'],
      ['mg', a],
    ],
  },
  {
    name: 'thirty days and a second are a Unix time',
    plan: [
      ['set', a, '0', '2592000', 'x'],
      ['mg', a, 't'],
      ['set', a, '0', '2592001', 'x'],
      ['get', a],
    ],
  },
]
