import { sampleOf } from '../../measure/metrics/sample.ts'
import { appClasses, cacheCalls, codesOf } from '../../measure/metrics/tally-sums.ts'
import { countInWords, plural } from '../../measure/words.ts'
import { countsInWords } from '../text/counts-in-words.ts'
import { figureOf, type HeadlineRow } from './headline.ts'

/**
 * What went wrong under each row, one line each, with codes: errors of the application, errors of the cache that the
 * application may have survived, reads that the database had to serve. Empty when nothing did.
 */
export function troublesOf(rows: readonly HeadlineRow[]): readonly string[] {
  return rows.flatMap((row) => {
    const sample = sampleOf(row.group.cells)
    const count = (name: string) => figureOf(row, name).high ?? 0
    const errors = count('errors')
    const cacheErrors = count('cache_errors')
    const degraded = count('degraded_reads')
    const parts = [
      ...(errors > 0 ? [`${plural(errors, 'error')}${codesInWords(codesOf(appClasses(sample)))}`] : []),
      ...(cacheErrors > 0 ? [`${plural(cacheErrors, 'cache error')}${codesInWords(codesOf(cacheCalls(sample)))}`] : []),
      ...(degraded > 0 ? [`${countInWords(degraded)} reads served by the database because the cache did not answer`] : []),
    ]
    return parts.length === 0 ? [] : [`${row.group.workload} on ${row.group.label}: ${parts.join(', ')}`]
  })
}

function codesInWords(codes: Readonly<Record<string, number>>): string {
  return Object.keys(codes).length === 0 ? '' : ` (${countsInWords(codes)})`
}
