import type { Cell } from '../../measure/run-result.ts'
import { plural, rateInWords } from '../../measure/words.ts'
import { cellSettings } from '../cell-settings.ts'

/** "1,000 operations/s on 2,000 keys, SQLite behind"; as much of it as the cell kept. */
export function loadInWords(cell: Cell): string {
  const { load, keys } = cellSettings(cell)
  const { kind, ratePerSecond, connections } = (load ?? {}) as Readonly<Record<string, unknown>>
  const count = ((keys ?? {}) as Readonly<Record<string, unknown>>)['count']
  const parts = [
    kind === 'open' && typeof ratePerSecond === 'number' ? rateInWords(ratePerSecond).replace('/s', ' operations/s') : '',
    kind === 'closed' && typeof connections === 'number' ? `${plural(connections, 'connection')} as fast as they can` : '',
  ].filter((part) => part !== '')
  const on = typeof count === 'number' ? ` on ${plural(count, 'key')}` : ''
  return `${parts.join(', ') || 'one load'}${on}${cell.database ? `, ${databaseInWords(cell.database)} behind` : ''}`
}

function databaseInWords({ kind, label }: NonNullable<Cell['database']>): string {
  return kind === 'postgres' ? 'PostgreSQL' : label.startsWith('sqlite') ? 'SQLite' : `an ${label}`
}
