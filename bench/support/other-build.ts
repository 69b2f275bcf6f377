import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOME } from '../../test/support/cli.ts'

/** The program as it was built at another commit, in a worktree of its own that is gone when it is closed. */
export interface OtherBuild {
  /** What stands behind `cacheproof` there. */
  readonly main: string
  close(): void
}

/** Takes the packages of this tree: a commit that needs others can't be compared this way. */
export function buildCommit(commit: string): OtherBuild {
  const folder = join(mkdtempSync(join(tmpdir(), 'cacheproof-other-build-')), 'tree')
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: HOME, stdio: 'pipe' })
  git('worktree', 'add', '--detach', folder, commit)
  const close = () => {
    git('worktree', 'remove', '--force', folder)
    rmSync(join(folder, '..'), { recursive: true, force: true })
  }
  try {
    symlinkSync(join(HOME, 'node_modules'), join(folder, 'node_modules'))
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'pipe' })
  } catch (error) {
    close()
    throw error
  }
  return { main: join(folder, 'dist', 'src', 'cli', 'main.js'), close }
}
