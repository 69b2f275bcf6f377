import { join } from 'node:path'
import { TargetError } from '../../client/target-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { createScratchFolder, type ScratchFolder } from '../../targets/local/scratch-folder.ts'
import type { Database } from '../database.ts'
import { hasNativeSqlite, openNativeConnection } from './native-connection.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { createSqliteDatabase } from './sqlite-database.ts'
import { openWasmConnection } from './wasm-connection.ts'

export interface OpenSqliteOptions {
  readonly runtime: Runtime
  readonly table: string
  /** Several processes will share the database: a temporary file stands in for memory, and `attachUrl` names it. */
  readonly shared?: boolean
}

const URL_SHAPE = /^sqlite(?:\+(native|wasm))?:(?:\/\/(?=\/|$))?(.*)$/

/**
 * `sqlite:` and `sqlite::memory:` (in memory), `sqlite:/path/to/file.db`, and with `+native` or `+wasm` the build by
 * name. Unless told: WASM in memory, native in a file where it can be loaded (see `sqlite-database.ts` for why).
 */
export function openSqlite(url: string, options: OpenSqliteOptions): Database {
  const match = URL_SHAPE.exec(url)
  if (!match) throw new UsageError(`"${url}" is no SQLite URL`, 'use sqlite: (in memory) or sqlite:/path/to/file.db')
  const [, build, path = ''] = match
  const named = path === '' || path === ':memory:' ? undefined : path
  const native = build === undefined ? (named !== undefined || options.shared === true) && hasNativeSqlite() : build === 'native'
  if (native && !hasNativeSqlite()) {
    throw new TargetError(
      'TARGET_MISSING_SERVER',
      'sqlite+native: needs the optional package libsql, which is not installed or has no binary for this platform',
      'use sqlite:, which runs everywhere, or npm install libsql',
    )
  }
  const { runtime, table } = options
  if (named !== undefined || !options.shared) {
    return createSqliteDatabase(connect(native, named), { runtime, table, url, ...(named !== undefined && { file: named }) })
  }
  const folder = createScratchFolder('sqlite')
  const file = join(folder.path, 'database.db')
  try {
    const database = createSqliteDatabase(connect(native, file), { runtime, table, url, file, temporary: true })
    return inTemporaryFile(database, folder, `sqlite+${native ? 'native' : 'wasm'}:${file}`)
  } catch (error) {
    folder.remove()
    throw error
  }
}

function connect(native: boolean, file: string | undefined): SqliteConnection {
  try {
    const connection = native ? openNativeConnection(file ?? ':memory:') : openWasmConnection(file ?? ':memory:')
    connection.exec('pragma schema_version')
    return connection
  } catch (error) {
    throw new TargetError(
      'TARGET_UNUSABLE',
      `the SQLite file ${file ?? 'in memory'} can not be used: ${error instanceof Error ? error.message : String(error)}`,
      'its folder must exist and be writable, and the file, if there is one, must be an SQLite database',
    )
  }
}

/** Opened by the process that owns it, which removes it at the end, or the reaper; the others attach by its URL. */
function inTemporaryFile(database: Database, folder: ScratchFolder, attachUrl: string): Database {
  return {
    description: database.description,
    attachUrl,
    load: (rows) => database.load(rows),
    read: (key, done) => database.read(key, done),
    write: (key, writer, value, done) => database.write(key, writer, value, done),
    async close() {
      await database.close()
      folder.remove()
    },
  }
}
