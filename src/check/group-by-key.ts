/** Rows grouped by key. Group g holds `rows[starts[g]] .. rows[starts[g + 1] - 1]`, in the order they came in. */
export interface KeyGroups {
  readonly keys: readonly number[]
  readonly starts: Uint32Array
  readonly rows: Uint32Array
}

/**
 * Groups rows by their key with one counting sort: O(n), no object per row. Key ids may be sparse (a session id is an
 * operation index), so they are numbered densely, in order of first sight.
 */
export function groupByKey(keyOfRow: Int32Array, rows: Uint32Array): KeyGroups {
  const groupOfKey = new Map<number, number>()
  const keys: number[] = []
  const groupOf = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const key = keyOfRow[rows[i]!]!
    let group = groupOfKey.get(key)
    if (group === undefined) {
      group = keys.length
      groupOfKey.set(key, group)
      keys.push(key)
    }
    groupOf[i] = group
  }
  const starts = new Uint32Array(keys.length + 1)
  for (let i = 0; i < rows.length; i++) starts[groupOf[i]! + 1]!++
  for (let group = 0; group < keys.length; group++) starts[group + 1]! += starts[group]!
  const next = starts.slice()
  const grouped = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) grouped[next[groupOf[i]!]!++] = rows[i]!
  return { keys, starts, rows: grouped }
}

/** Calls `visit` once a key with its rows (a view, valid during the call). */
export function forEachKey(groups: KeyGroups, visit: (key: number, rows: Uint32Array) => void): void {
  for (let group = 0; group < groups.keys.length; group++) {
    visit(groups.keys[group]!, groups.rows.subarray(groups.starts[group]!, groups.starts[group + 1]!))
  }
}
