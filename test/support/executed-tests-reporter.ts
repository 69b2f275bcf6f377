import type { Reporter, TestModule } from 'vitest/node'

/** A run that executed no test has shown nothing: it fails, also where files were found and every test was skipped. */
export default class ExecutedTestsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests()) if (test.result().state !== 'skipped') return
    }
    process.stderr.write('\nNo test was executed: this run shows nothing, so it fails.\n')
    process.exitCode = 1
  }
}
