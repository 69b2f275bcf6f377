import { expect, it } from 'vitest'
import { addTallies, type Mutant, type MutantStatus, scorePercent, tallyMutants } from './mutant.ts'

const mutant = (status: MutantStatus, line = 1): Mutant => ({ file: 'src/a.ts', line, mutator: 'M', original: 'a', replacement: 'b', status })

it('counts what was noticed, and keeps what was not', () => {
  const statuses: MutantStatus[] = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'RuntimeError', 'Ignored', 'Pending']
  const tally = tallyMutants(statuses.map((status) => mutant(status)))
  expect(tally).toEqual({ killed: 2, timedOut: 1, invalid: 4, survivors: [mutant('Survived'), mutant('NoCoverage')] })
})

it('adds up steps, and has a score of all that could have been noticed', () => {
  const one = tallyMutants([mutant('Killed'), mutant('Timeout'), mutant('Ignored')])
  const other = tallyMutants([mutant('Killed'), mutant('Survived', 7)])
  const all = addTallies([one, other])
  expect(all).toEqual({ killed: 2, timedOut: 1, invalid: 1, survivors: [mutant('Survived', 7)] })
  expect([one, other, all, addTallies([])].map(scorePercent)).toEqual([100, 50, 75, 100])
})
