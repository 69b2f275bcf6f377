#!/usr/bin/env node
import { buildCli } from './build-cli.ts'
import { reportError, reportLostOutput } from './report-error.ts'

for (const stream of [process.stdout, process.stderr]) stream.on('error', reportLostOutput)

buildCli()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = reportError(error)
  })
