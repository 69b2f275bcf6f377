import { expect, it } from 'vitest'
import { forgetStaticSurvivors } from './forget-static-survivors.ts'

it('forgets what survived and is static, and nothing else', () => {
  const killed = { id: '1', status: 'Killed', static: true }
  const covered = { id: '2', status: 'Survived', static: false }
  const plain = { id: '3', status: 'Survived' }
  const report = {
    schemaVersion: '2',
    files: {
      'a.ts': { source: 'a', mutants: [killed, { id: '4', status: 'Survived', static: true }, covered, plain] },
      'b.ts': { source: 'b', mutants: [] },
    },
  }
  expect(forgetStaticSurvivors(report)).toEqual({
    schemaVersion: '2',
    files: { 'a.ts': { source: 'a', mutants: [killed, covered, plain] }, 'b.ts': { source: 'b', mutants: [] } },
  })
})
