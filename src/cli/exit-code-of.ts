import type { RunResult } from '../measure/run-result.ts'
import { mergeOutcomes } from '../measure/verdict.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** What gates decides: claims, which say what is true of caching, fail no pipeline. */
export function exitCodeOf(result: {
  readonly status: RunResult['status']
  readonly verdicts: readonly Pick<RunResult['verdicts'][number], 'gates' | 'outcome'>[]
}): ExitCode {
  if (result.status === 'interrupted') return EXIT.interrupted
  const merged = mergeOutcomes(result.verdicts.filter(({ gates }) => gates).map(({ outcome }) => outcome))
  if (merged === 'fails') return EXIT.failed
  // Whatever holds of what a run that died had measured: nobody knows of the rest.
  return merged === 'unknown' || result.status === 'recovered' ? EXIT.inconclusive : EXIT.ok
}
