import { expect, it } from 'vitest'
import { mutantsOfReport } from './mutants-of-report.ts'

it('says what was replaced where, on one line and over several', () => {
  const source = 'const a = 1\nif (a > 1) {\n  b()\n}\n'
  const report = {
    files: {
      'src/a.ts': {
        source,
        mutants: [
          {
            location: { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } },
            mutatorName: 'EqualityOperator',
            replacement: 'a >= 1',
            status: 'Survived',
          },
          {
            location: { start: { line: 2, column: 12 }, end: { line: 4, column: 2 } },
            mutatorName: 'BlockStatement',
            replacement: '{}',
            status: 'Killed',
          },
        ],
      },
      'src/b.ts': { source: '', mutants: [] },
    },
  } as const
  expect(mutantsOfReport(report)).toEqual([
    { file: 'src/a.ts', line: 2, mutator: 'EqualityOperator', original: 'a > 1', replacement: 'a >= 1', status: 'Survived' },
    { file: 'src/a.ts', line: 2, mutator: 'BlockStatement', original: '{\n  b()\n}', replacement: '{}', status: 'Killed' },
  ])
})
