import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CLI, cli, HOME } from './support/cli.ts'

describe('starting up', () => {
  // Not by a clock, which depends on who else works here: by what is loaded, on which the time depends.
  it.each(['--help', 'run --help', '--nonsense'])('loads commander and its own few files for %s', async (line) => {
    const loaded = await modulesLoadedBy(line.split(' '))
    expect(loaded).toContain('dist/src/cli/main.js')
    expect(loaded.filter((file) => !file.startsWith('node_modules/commander/'))).toEqual([
      'dist/src/cli/build-cli.js',
      'dist/src/cli/exit-code.js',
      'dist/src/cli/main.js',
      'dist/src/cli/report-error.js',
      'dist/src/report/text/printable.js',
      'dist/src/runtime/reason.js',
      'dist/src/workload/file/redact.js',
    ])
  })

  it('shows every command and the exit codes', async () => {
    const { code, stdout, stderr } = await cli(['--help'])
    for (const command of ['run', 'validate', 'profile', 'compare', 'report', 'list']) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
    expect(stdout).toContain('Exit codes: 0')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8'))
    expect(await cli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
  })

  it('says nothing when its reader leaves early', async () => {
    const { status, stderr } = await intoClosedPipe(['--help'])
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})

/** Files with code that ran, by V8's own account, below the project's root. */
async function modulesLoadedBy(args: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cacheproof-modules-'))
  try {
    await cli(args, { env: { NODE_V8_COVERAGE: folder } })
    const reports = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] })
    const files = reports.flatMap(({ result }) => result.map(({ url }) => url)).filter((url) => url.startsWith('file:'))
    return [...new Set(files.map((url) => relative(HOME, fileURLToPath(url))))].sort()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function intoClosedPipe(args: readonly string[]): Promise<{ readonly status: number | null; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stderr }))
  })
}
