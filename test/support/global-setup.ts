import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Child processes of tests run what is built: `npx vitest` alone must not test yesterday's code. */
export default function buildIfStale(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))
  const { status } = spawnSync(process.execPath, [script, '--if-stale'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed; see above')
}
