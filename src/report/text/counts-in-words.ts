import { countInWords } from '../../measure/words.ts'

/** "timeout 12, refused 3"; a dash for none. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  const known = Object.entries(counts).filter(([, count]) => count > 0)
  return known.length === 0 ? '–' : known.map(([code, count]) => `${code} ${countInWords(count)}`).join(', ')
}
