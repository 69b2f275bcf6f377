#!/usr/bin/env node
import { buildCli } from './build-cli.ts'
import { reportError } from './report-error.ts'

buildCli()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = reportError(error)
  })
