import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { TargetError } from '../../client/target-error.ts'

export type ServerKind = 'redis' | 'valkey' | 'memcached'

/** The server's program, and the Debian package that has it. */
const PROGRAMS: Readonly<Record<ServerKind, { program: string; debianPackage: string }>> = {
  redis: { program: 'redis-server', debianPackage: 'redis-server' },
  valkey: { program: 'valkey-server', debianPackage: 'valkey-server' },
  memcached: { program: 'memcached', debianPackage: 'memcached' },
}

/** Absolute path of the server's program. Throws TARGET_MISSING_SERVER when it isn't on the given PATH. */
export function findServerProgram(kind: ServerKind, path: string): string {
  const { program, debianPackage } = PROGRAMS[kind]
  const found = findProgram(program, path)
  if (found !== undefined) return found
  throw new TargetError(
    'TARGET_MISSING_SERVER',
    `local:${kind} needs the program ${program}, which is not on PATH`,
    `Install it (Debian, Ubuntu: apt-get install ${debianPackage}), or use engine:${kind}, which needs no server.`,
  )
}

/** The first executable file of that name on the given PATH. */
export function findProgram(program: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue
    const file = join(folder, program)
    try {
      accessSync(file, constants.X_OK)
      if (statSync(file).isFile()) return file
    } catch {
      // Not here.
    }
  }
  return undefined
}
