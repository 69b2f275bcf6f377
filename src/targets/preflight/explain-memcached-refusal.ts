import { findMemcachedCommand } from '../../engine/memcached/command-table.ts'
import { compareVersions } from '../../engine/memcached/profiles.ts'
import { bytesInWords } from '../../measure/words.ts'
import { listed } from './listed.ts'
import type { Explanation, Refusal, RefusalFacts } from './refusal.ts'

const MEBIBYTE = 1024 ** 2
/** Header, suffix and the longest key of an item, generously. */
const ITEM_OVERHEAD_BYTES = 512
/** `-I` takes no more (memcached.c). */
const LARGEST_ITEM_BYTES = 1024 * MEBIBYTE

/** Why a memcached refuses commands of one kind, and the setting that would mend it. */
export function explainMemcachedRefusal(refusals: readonly Refusal[], facts: RefusalFacts): Explanation {
  const { kind, text } = refusals[0]!
  const names = listed(refusals)
  if (kind === 'size') return { code: 'TARGET_UNUSABLE', ...tooLarge(facts) }
  if (kind === 'memory') {
    return {
      code: 'TARGET_UNUSABLE',
      what: `refuses ${names}, because its memory is full and it evicts nothing (-M)`,
      hint: 'Start it without -M, or give it more memory: memcached -m 1024',
    }
  }
  if (text === 'ERROR') return { code: 'TARGET_UNUSABLE', what: `does not know ${names}`, hint: `Aim at memcached ${newestOf(refusals)} or later.` }
  if (/unauthenticated/.test(text))
    return {
      code: 'TARGET_AUTH',
      what: 'wants a user and a password (-Y), which is not supported',
      hint: 'Aim at a memcached without authentication.',
    }
  return { code: 'TARGET_UNUSABLE', what: `refuses ${names}: ${text}`, hint: '' }
}

const OLDEST_VERSION = '1.4.0'

function newestOf(refusals: readonly Refusal[]): string {
  return refusals
    .map(({ command }) => findMemcachedCommand(command)?.since ?? OLDEST_VERSION)
    .sort(compareVersions)
    .at(-1)!
}

function tooLarge({ largestValueBytes, settings, ours }: RefusalFacts): Pick<Explanation, 'what' | 'hint'> {
  const limit = settings['largest item (-I)']
  const what = `refuses values of ${bytesInWords(largestValueBytes)}, the largest of this workload${limit === undefined ? '' : `: its largest item has ${bytesInWords(Number(limit))}, overhead included`}`
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(MEBIBYTE, largestValueBytes + ITEM_OVERHEAD_BYTES)))
  const smaller = 'give the workload smaller values (values.size)'
  if (wanted > LARGEST_ITEM_BYTES) return { what, hint: `No memcached takes them: ${smaller}.` }
  const mebibytes = wanted / MEBIBYTE
  // The server refuses to start with items of more than half its memory.
  const setting = `memcached -I ${mebibytes}m -m ${Math.max(64, 16 * mebibytes)}`
  return { what, hint: ours ? `${capital(smaller)}, or aim at a server started as: ${setting}` : `${setting}\n  or ${smaller}` }
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)
