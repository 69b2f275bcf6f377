import { expect, it } from 'vitest'
import type { RunResult } from '../measure/run-result.ts'
import { exitCodeOf } from './exit-code-of.ts'

const verdict = (outcome: 'holds' | 'fails' | 'unknown', gates = true): RunResult['verdicts'][number] => ({
  ...{ kind: 'checker', id: 'x', sentence: 'x', outcome, evidence: '', gates },
})

it.each([
  ['complete', [], 0],
  ['complete', [verdict('holds'), verdict('fails', false)], 0],
  ['complete', [verdict('holds'), verdict('unknown')], 4],
  ['complete', [verdict('unknown'), verdict('fails')], 1],
  ['recovered', [verdict('holds')], 4],
  ['recovered', [], 4],
  ['recovered', [verdict('holds'), verdict('fails')], 1],
  ['interrupted', [verdict('fails')], 130],
] as const)('%s, %j: %i', (status, verdicts, code) => {
  expect(exitCodeOf({ status, verdicts: [...verdicts] })).toBe(code)
})
