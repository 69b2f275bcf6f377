import { HEADLINE } from '../../../measure/metrics/catalogue.ts'
import { factsList } from '../facts-list.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'

/** The words of the report, defined. */
export function howToReadSection(): Section {
  return {
    id: 'how-to-read',
    title: 'How to read this',
    folded: 'every word of this report, defined',
    body: html`${factsList([
      ['Cell', 'One workload on one target through one client. Cells run one after another; blocks repeat them in random order.'],
      [
        'Open loop',
        'Operations fall due at a given rate, whether or not the earlier ones are answered, as users come. A slow target makes them wait, and the waiting counts.',
      ],
      ['Closed loop', 'Each connection sends its next operation when the last was answered. A slow target is asked less.'],
      [
        'Response time',
        'From the moment an operation was due to its answer: what a user waits. Service time runs from the sending only; the difference is schedule lag. An outage shows in the response time, never as a gap.',
      ],
      ['ok, fail, info', 'Done; certainly not done; unknown, as after a timeout: it may have taken effect.'],
      [
        'Percentile',
        'p99 is the time within which 99 of 100 were answered. It is printed only where at least 100 values lie beyond it: n (1 − p) ≥ 100. The curves go further, and are faint there.',
      ],
      [
        'Stale for certain',
        'The read began after the acknowledgement of a newer version had reached its writer, and returned an older one. A read that overlaps the write is concurrent, not stale.',
      ],
      [
        'Real servers, a model',
        'What a claim rests on. Real servers: a real server and a real database answered. A model: an embedded engine behind a network model, or a database with a service model; the numbers rest on those settings.',
      ],
      [
        'Rate below',
        'What did not happen in n tries has, with 95 % confidence, a rate below 3/n, by the rule of three: of 3,000 reads none was stale, so fewer than 1 in 1,000 is. It is no proof that it can’t.',
      ],
      ['Undecided', 'Of a claim: enough was seen that could have refuted it, and it decides neither way.'],
      ['Not tested', 'Too little was seen that could have refuted it; the command beside it would.'],
      [
        'better, worse',
        'The whole interval of the difference lies on one side of “no difference”. Only differences that were announced before the run are tested; their intervals hold together with 95 %.',
      ],
      ['No difference that matters', 'The whole interval lies within 5 % of “no difference” (or what --equivalent-within says).'],
      ['No difference shown', 'The interval holds “no difference” as well as differences that would matter; so many more blocks would tell.'],
      ['Seen, not tested', 'A difference in the figures that may be chance.'],
      ['Block', 'Every workload on every target once, in random order. Repeating blocks is what tells a difference from chance.'],
      [
        'Generator-limited',
        'The program that makes the load was itself too slow (see “The generator about itself”). Such cells are shown, and left out of comparisons and claims about time.',
      ],
      ['Warm-up', 'Shaded in the time series; left out of every table.'],
      [
        'Unavailability',
        'From the last success before a fault to the first success after it, for reads and writes apart; “rate back” is when 95 % of the rate before was reached again.',
      ],
      ...HEADLINE.map(({ head, summary }) => [head, summary] as const),
    ])}`,
  }
}
