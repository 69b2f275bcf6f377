import { latencyWords } from '../figure-metric.ts'
import type { Change } from './change-in-words.ts'

/** How a sentence tells that two alternatives differ in a figure. */
export interface FigurePhrase {
  /** Where figures are listed: "database reads", "read p99". */
  readonly noun: string
  /** "reads the database 46 % less than cache-aside"; without the other where the sentence has named it. */
  readonly ratio: (change: Change, other?: string) => string
  /** "serves 0.02 % of reads stale"; the value in words. */
  readonly share: (value: string) => string
  /** Behind a bare value, of what it is a part: " of 1,000". */
  readonly of?: string
  /** Of a share that is nothing: "serves no stale read". */
  readonly none: string
}

/** The phrase of a figure; one of no own phrase is told by its noun, the head of its column. */
export function phraseOf(name: string, head: string): FigurePhrase {
  const latency = latencyWords(name)
  return PHRASES[name] ?? (latency === undefined ? havingPhrase(head) : havingPhrase(latency))
}

/** "has a read p99 12 % lower than cache-aside" */
function havingPhrase(noun: string): FigurePhrase {
  const article = /^[aeiou]/i.test(noun) ? 'an' : 'a'
  return {
    noun,
    ratio: ({ kind, amount }, other) =>
      kind === 'times'
        ? `has ${article} ${noun} ${amount} times as high${as(other)}`
        : `has ${article} ${noun} ${amount} ${kind === 'less' ? 'lower' : 'higher'}${than(other)}`,
    share: (value) => `has ${article} ${noun} of ${value}`,
    none: `has ${article} ${noun} of 0`,
  }
}

/** "takes 12 % less memory than cache-aside", "takes 1.4 times the memory of cache-aside" */
function quantityPhrase(noun: string, verb: string, what: string, less: 'less' | 'fewer'): FigurePhrase {
  return {
    noun,
    ratio: ({ kind, amount }, other) =>
      kind === 'times'
        ? `${verb} ${amount} times the ${what}${of(other)}`
        : `${verb} ${amount} ${kind === 'less' ? less : 'more'} ${what}${than(other)}`,
    share: (value) => `${verb} ${value} of ${what}`,
    none: `${verb} no ${what}`,
  }
}

/** "serves 0.02 % of reads stale" */
function sharePhrase(noun: string, share: (value: string) => string, none: string): FigurePhrase {
  return { ...havingPhrase(noun), share, none }
}

const DATABASE_READS: FigurePhrase = {
  noun: 'database reads',
  ratio: ({ kind, amount }, other) =>
    kind === 'times'
      ? `reads the database ${amount} times as often${as(other)}`
      : `reads the database ${amount} ${kind === 'less' ? 'less' : 'more'}${than(other)}`,
  share: (value) => `sends ${value} of 1,000 reads to the database`,
  of: ' of 1,000',
  none: 'sends no read to the database',
}

const PHRASES: Readonly<Record<string, FigurePhrase>> = {
  database_reads: DATABASE_READS,
  database_load: { ...havingPhrase('database load'), none: 'asks nothing of the database' },
  database_offload: sharePhrase(
    'database offload',
    (value) => `keeps ${value} of reads away from the database`,
    'keeps no read away from the database',
  ),
  hit_ratio: sharePhrase('hit ratio', (value) => `answers ${value} of reads from the cache`, 'answers no read from the cache'),
  stale_ratio: sharePhrase('stale reads', (value) => `serves ${value} of reads stale`, 'serves no stale read'),
  stale_reads: sharePhrase('stale reads', (value) => `serves ${value} reads stale`, 'serves no stale read'),
  error_ratio: sharePhrase('failed operations', (value) => `fails ${value} of operations`, 'fails no operation'),
  never_read: sharePhrase('bytes never read', (value) => `stores ${value} of its bytes for nobody`, 'stores nothing for nobody'),
  memory: quantityPhrase('memory', 'takes', 'memory', 'less'),
  stored_bytes: quantityPhrase('bytes stored', 'stores', 'bytes', 'fewer'),
  bytes_per_operation: quantityPhrase('bytes on the wire', 'sends', 'bytes', 'fewer'),
  bytes_per_item: quantityPhrase('bytes an item', 'takes', 'bytes an item', 'fewer'),
  round_trips: quantityPhrase('round trips to the cache', 'makes', 'round trips to the cache', 'fewer'),
  rate: havingPhrase('rate'),
  read_unavailable: havingPhrase('longest time without reads'),
  write_unavailable: havingPhrase('longest time without writes'),
  service_read_unavailable: havingPhrase('longest time in which the server answered no read'),
  service_write_unavailable: havingPhrase('longest time in which the server took no write'),
}

function than(other: string | undefined): string {
  return other === undefined ? '' : ` than ${other}`
}

function as(other: string | undefined): string {
  return other === undefined ? '' : ` as ${other}`
}

function of(other: string | undefined): string {
  return other === undefined ? '' : ` of ${other}`
}
