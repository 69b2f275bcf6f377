import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { copyTree } from '../bench/support/copy-tree.ts'
import { ENDED_CODES, installAndStart } from '../bench/support/install-and-start.ts'
import { unreachableRegistry } from '../bench/support/shell-step.ts'
import { HOME } from './support/cli.ts'

/** The sources as they stand, on a machine that runs no install scripts and takes nothing optional. The whole of it: `npm run long -- install`. */
describe('a copy of the sources', () => {
  let tree: string
  afterEach(() => rmSync(tree, { recursive: true, force: true }))

  it('installs without scripts and without optional packages, builds itself on npm start, runs and reports', { timeout: 600_000 }, async ({
    skip,
  }) => {
    tree = mkdtempSync(join(tmpdir(), 'cacheproof-sources-'))
    copyTree(HOME, tree)
    const { install, start, reported } = await installAndStart(tree, ['cache-aside', '--duration', '1s'])
    const unreachable = unreachableRegistry(install)
    if (unreachable !== undefined && process.env['CI'] !== 'true') {
      console.warn(`left out: npm can't get at its packages here: ${unreachable}`)
      skip()
    }
    expect(install.code, install.output).toBe(0)
    expect(start!.code, start!.output).toBeOneOf(ENDED_CODES as unknown[])
    expect(reported, start!.output).toBe(true)
  })
})
