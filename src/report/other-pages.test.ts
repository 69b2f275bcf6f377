import { describe, expect, it } from 'vitest'
import { reportFixture } from '../../test/support/report-fixture.ts'
import type { TargetDescription } from '../targets/target.ts'
import type { Profile } from '../validate/profile/profile.ts'
import type { Validation } from '../validate/validation.ts'
import { renderComparison } from './compare/render-comparison.ts'
import { renderProfile } from './profile/render-profile.ts'
import { renderValidation } from './validation/render-validation.ts'

const HOSTILE = '"><script>pwned=1</script>'

const target: TargetDescription = {
  url: 'local:redis',
  label: 'local:redis',
  engine: 'redis',
  version: '7.0.15',
  topology: 'single node',
  ours: true,
  tls: false,
  evidence: 'observed',
  settings: { maxmemory: HOSTILE },
}

describe('the page of a comparison', () => {
  const before = reportFixture({ blocks: 6, workloads: ['cache-aside'], targets: ['local:redis'] })
  const other = reportFixture({ blocks: 6, workloads: ['cache-aside'], targets: ['local:valkey'], slowness: 1.5 })

  it('is that of a run, with the alternatives of both side by side', () => {
    const page = renderComparison([
      { label: 'before', result: before },
      { label: 'after', result: other },
    ])
    expect(page).toMatch(/<th scope="row"><a href="#cell-\d+">(Redis|local:redis)/i)
    expect(page).toMatch(/<th scope="row"><a href="#cell-\d+">(Valkey|local:valkey)/i)
    expect(page).toContain('cacheproof compare before after')
  })

  it('tells runs of the same thing apart by their labels, and what differs besides', () => {
    const page = renderComparison([
      { label: 'before', result: before },
      { label: 'after', result: { ...before, host: { ...before.host!, cpus: '2 x Other' } } },
    ])
    expect(page).toContain('cache-aside (before)')
    expect(page).toContain('cache-aside (after)')
    expect(page).toContain('2 x Other')
  })

  it('escapes labels and holds for runs that have nothing in common', () => {
    const page = renderComparison([
      { label: HOSTILE, result: before },
      { label: 'other', result: reportFixture({ workloads: ['session-store'] }) },
    ])
    expect(page).not.toContain('<script>pwned')
  })
})

describe('the page of a validation', () => {
  const validation: Validation & { readonly title: string } = {
    title: HOSTILE,
    target,
    profile: 'redis-7.0.15',
    seed: 7,
    runs: 100,
    command: 'cacheproof validate local:redis --seed 7',
    status: 'complete',
    verdicts: [
      { kind: 'property', id: 'property/redis/strings', sentence: 'Strings behave.', outcome: 'holds', evidence: '100 sequences.', gates: true },
      {
        kind: 'property',
        id: 'property/redis/zsets',
        sentence: 'Sorted sets behave.',
        outcome: 'fails',
        evidence: 'A reply differs.',
        counterexample: ['ZADD k 1 a', `ZSCORE k ${HOSTILE}`],
        replay: 'cacheproof validate local:redis --only redis/zsets --path 3:1',
        gates: true,
      },
    ],
    skipped: [{ id: 'redis/cluster', reason: 'the endpoint is a single node' }],
    notes: ['a note'],
  }

  it('has the failure first, as one would type it, and how to see it again', () => {
    const page = renderValidation(validation)
    expect(page).not.toContain('<script>pwned')
    expect(page.indexOf('Sorted sets behave.')).toBeLessThan(page.indexOf('Strings behave.'))
    expect(page).toContain('<code>ZADD k 1 a</code>')
    expect(page).toContain('--only redis/zsets --path 3:1')
    expect(page).toContain('the endpoint is a single node')
    expect(page).toContain('1 check failed')
    expect(renderValidation(validation)).toBe(page)
  })

  it('stands without a verdict', () => {
    expect(renderValidation({ ...validation, verdicts: [], skipped: [], notes: [] })).toContain('No property was run.')
  })
})

describe('the page of a profile', () => {
  const profile: Profile = {
    title: 'local:redis',
    command: 'cacheproof profile local:redis',
    seed: 7,
    status: 'complete',
    targets: [{ label: 'local:redis', description: target }],
    rows: [
      {
        command: 'GET',
        results: [{ target: 'local:redis', samples: 4200, p50Nanos: 42_000, p75Nanos: 51_000, p99Nanos: null, meanNanos: 47_000, rmePercent: 0.6 }],
      },
      {
        command: HOSTILE,
        results: [
          { target: 'local:redis', samples: 0, p50Nanos: 0, p75Nanos: 0, p99Nanos: null, meanNanos: 0, rmePercent: 0, error: 'ERR unknown command' },
        ],
      },
    ],
    notes: [],
  }

  it('has a mark and a row for what was measured, and the words of the target for what was refused', () => {
    const page = renderProfile(profile)
    expect(page).not.toContain('<script>pwned')
    expect(page).toContain('42 us')
    expect(page).toContain('ERR unknown command')
    expect(page.match(/ dot" transform=/g)).toHaveLength(1)
    expect(page).not.toMatch(/NaN|Infinity/)
  })

  it('stands when nothing could be measured', () => {
    expect(renderProfile({ ...profile, rows: profile.rows.slice(1) })).not.toContain('class="plot"')
  })
})
