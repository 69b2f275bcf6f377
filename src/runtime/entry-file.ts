import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The JavaScript file of a program of ours that is to run in another process or worker, as a path for plain node.
 *
 * Node 20 can't run TypeScript, so a caller that runs from source (under vitest) gets the built file: the same path
 * below `dist/`. Throws when it has not been built.
 *
 * @param base the caller's `import.meta.url`
 * @param relative the program beside the caller, as in an import: './reaper-main.ts'
 */
export function entryFile(base: string, relative: string): string {
  const source = fileURLToPath(new URL(relative, base))
  if (base.endsWith('.js')) return source.replace(/\.ts$/, '.js')
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const built = `${root}dist/${source.slice(root.length)}`.replace(/\.ts$/, '.js')
  if (existsSync(built)) return built
  throw new Error(`${built} has not been built: run "npm run build" first`)
}
