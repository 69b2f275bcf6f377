import type { Command } from '../../protocol/command.ts'
import { type CommandSample, KEYS, VALUE } from './command-sample.ts'

const LIFETIME_SECONDS = '3600'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index)
const item = (prefix: string, index: number) => `${prefix}item:${index % KEYS}`
const counter = (prefix: string) => `${prefix}counter`

const items = (prefix: string): Command[] => numbered(KEYS).map((index) => ['set', item(prefix, index), '0', LIFETIME_SECONDS, VALUE])
const theCounter = (prefix: string): Command[] => [['set', counter(prefix), '0', LIFETIME_SECONDS, '1']]

type Make = (prefix: string, index: number) => Command

const sample = (name: string, prepare: CommandSample['prepare'], command: Make, does = name): CommandSample => ({
  does,
  name,
  command,
  ...(prepare === undefined ? {} : { prepare }),
})

/** What is measured of Memcached: classic text commands and their meta forms, values of 100 bytes. */
export const MEMCACHED_SAMPLES: readonly CommandSample[] = [
  sample('mn', undefined, () => ['mn'], 'ping'),
  sample('get', items, (p, i) => ['get', item(p, i)], 'get'),
  sample('set', items, (p, i) => ['set', item(p, i), '0', LIFETIME_SECONDS, VALUE], 'set'),
  sample('add', items, (p, i) => ['add', item(p, i), '0', LIFETIME_SECONDS, VALUE], 'add'),
  sample('incr', theCounter, (p) => ['incr', counter(p), '1'], 'incr'),
  sample('touch', items, (p, i) => ['touch', item(p, i), LIFETIME_SECONDS], 'touch'),
  sample('gat', items, (p, i) => ['gat', LIFETIME_SECONDS, item(p, i)], 'get and touch'),
  sample('get (10)', items, (p, i) => ['get', ...numbered(10).map((n) => item(p, i + n))], 'get 10'),
  sample('delete (absent)', undefined, (p) => ['delete', `${p}absent`], 'delete absent'),
  sample('gets', items, (p, i) => ['gets', item(p, i)]),
  sample('replace', items, (p, i) => ['replace', item(p, i), '0', LIFETIME_SECONDS, VALUE]),
  sample('mg', items, (p, i) => ['mg', item(p, i), 'v']),
  sample('ms', items, (p, i) => ['ms', item(p, i), `T${LIFETIME_SECONDS}`, VALUE]),
  sample('ma', theCounter, (p) => ['ma', counter(p), 'v']),
]
