import { describe, expect, it } from 'vitest'
import type { Workload } from '../workload.ts'
import { applyOverrides, type Overrides } from './overrides.ts'
import { parseWorkload } from './parse-workload.ts'
import { formatSpecError } from './spec-error.ts'
import { FIXTURE_REGISTRY } from './spec-fixture.ts'

function base(more = ''): Workload {
  const parsed = parseWorkload(`name: a\npattern: aside\n${more}`, 'a.yaml', FIXTURE_REGISTRY)
  if (!parsed.ok) throw new Error(parsed.errors.map(formatSpecError).join('\n'))
  return parsed.workload
}

function changed(flags: Overrides, workload = base()): Workload {
  const result = applyOverrides(workload, flags, FIXTURE_REGISTRY.faults)
  if (!result.ok) throw new Error(result.errors.map(formatSpecError).join('\n'))
  return result.workload
}

function refused(flags: Overrides, workload = base()): string {
  const result = applyOverrides(workload, flags, FIXTURE_REGISTRY.faults)
  if (result.ok) throw new Error('taken')
  return result.errors.map(formatSpecError).join('\n')
}

describe('the command line changes', () => {
  it('nothing when it says nothing', () => expect(changed({})).toEqual(base()))

  it('the rate', () => {
    expect(changed({ rate: '20k' }).load).toMatchObject({ ratePerSecond: 20_000, arrivals: 'poisson' })
    expect(changed({ rate: '600/min' }).load).toMatchObject({ ratePerSecond: 10 })
  })

  it('the duration, in proportion', () => {
    const workload = base(
      'phases: [ { warm-up: 8s }, { steady: 10s }, { peak: 30s } ]\nfaults: [ { at: 20s, kill: primary, for: 2s } ]\ninstances: 2\nkill_instance: { instance: 1, at: 30s }\n',
    )
    expect(changed({ duration: '20s' }, workload)).toMatchObject({
      phases: [{ durationNanos: 8e9 }, { durationNanos: 5e9 }, { durationNanos: 15e9 }],
      faults: [{ atNanos: 10e9, forNanos: 2e9 }],
      killInstance: { atNanos: 15e9 },
    })
    expect(changed({ duration: '2m' }, workload).phases[0]).toMatchObject({ durationNanos: 8e9 })
    expect(changed({ duration: '2s' }, workload).phases[0]).toMatchObject({ durationNanos: 2e9 })
    const auto = base('phases: [ { warm-up: auto }, { steady: 10s } ]')
    expect(changed({ duration: '2m' }, auto).phases[0]).toMatchObject({ durationNanos: 24e9, auto: true })
  })

  it('the database, with the service time that fits its kind', () => {
    const real = changed({ database: 'postgres://app:secret@h/d' })
    expect(real.database).toEqual({ kind: 'postgres', url: 'postgres://app:secret@h/d', concurrency: 64 })
    expect(changed({ database: 'sqlite:/tmp/x.db' }).database).toMatchObject({ kind: 'sqlite', latency: { medianNanos: 4e6 } })
    expect(changed({ database: 'sqlite:' }, real).database).toMatchObject({ kind: 'sqlite', latency: { medianNanos: 4e6 } })
  })

  it('the history', () => expect(changed({ history: 'keys:1/10' }).historyLevel).toEqual({ kind: 'sample', oneIn: 10 }))

  it('the faults, added to those of the file', () => {
    const workload = base('faults: [ { at: 1s, noop: primary } ]')
    expect(changed({ fault: ['kill:primary@5s for 2s', 'restart@6s', 'noop:replica@ 1m30s'], duration: '2m' }, workload).faults).toEqual([
      { fault: 'noop', on: 'primary', atNanos: 12e9 },
      { fault: 'kill', on: 'primary', atNanos: 5e9, forNanos: 2e9 },
      { fault: 'restart', on: 'primary', atNanos: 6e9 },
      { fault: 'noop', on: 'replica', atNanos: 90e9 },
    ])
  })
})

describe('the command line is refused', () => {
  it.each<[Overrides, readonly string[]]>([
    [{ rate: 'fast' }, ['--rate: "fast" is not valid', 'such as 5000/s']],
    [{ rate: '0' }, ['out of range']],
    [{ duration: '30' }, ['--duration: "30": a duration needs a unit', 'did you mean 30s or 30ms?']],
    [{ duration: '0' }, ['too short']],
    [{ history: 'most' }, ['full, off or keys:1/N']],
    [{ database: 'postgre://h/d' }, ['did you mean postgres:?']],
    [{ fault: ['kil:primary@1s'] }, ['no fault is called "kil"', '--fault kil:primary@1s\n          ^^^', 'did you mean kill?']],
    [{ fault: ['kill:primary@soon'] }, ['"soon" is not valid', '                      ^^^^']],
    [{ fault: ['kill:primary@1s for ever'] }, ['"ever" is not valid']],
    [{ fault: ['kill'] }, ['it does not say when']],
    [{ fault: [''] }, ['is no fault']],
    [{ fault: ['kill:primary@99s'] }, ['the fault would begin after the run has ended', 'a time before 10s']],
  ])('%j', (flags, words) => {
    const text = refused(flags)
    for (const word of words) expect(text).toContain(word)
  })

  it('when it gives a closed loop a rate', () => expect(refused({ rate: '5k' }, base('load: closed'))).toContain('no open loop'))

  it('everything at once', () => expect(refused({ rate: 'x', duration: 'y', fault: ['z@1s'] }).match(/^--/gm)).toHaveLength(3))

  it('without showing a password', () => {
    expect(refused({ database: 'mysql://bob:hunter2@h/d' })).not.toContain('hunter2')
  })
})
