#!/usr/bin/env node
import { buildCli } from './build-cli.ts'
import { EXIT } from './exit-code.ts'
import { reportError, reportLostOutput } from './report-error.ts'

for (const stream of [process.stdout, process.stderr]) stream.on('error', reportLostOutput)

// Thrown where nobody waits: told as any other, and not as a stack trace.
process.on('uncaughtException', (error) => process.exit(reportError(error)))

/** After Ctrl-C nobody waits for what an endpoint may still say; what is left is the reaper's. */
function endSoon(): void {
  if (process.exitCode === EXIT.interrupted) setTimeout(() => process.exit(), LINGER_MILLIS).unref()
}

const LINGER_MILLIS = 300

buildCli()
  .parseAsync(process.argv)
  .then(endSoon)
  .catch((error: unknown) => {
    process.exitCode = reportError(error)
  })
