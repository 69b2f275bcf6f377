import { afterEach, describe, expect, it, vi } from 'vitest'
import { isLive, textOptions } from './terminal.ts'

afterEach(() => vi.unstubAllEnvs())

describe('text at a terminal', () => {
  it('is coloured there and nowhere else, and never where colours are not wanted', () => {
    vi.stubEnv('NO_COLOR', undefined)
    expect(textOptions({ isTTY: true, columns: 80 })).toEqual({ colour: true, columns: 80 })
    expect(textOptions({})).toEqual({ colour: false, columns: 100 })
    vi.stubEnv('NO_COLOR', '1')
    expect(textOptions({ isTTY: true, columns: 80 }).colour).toBe(false)
  })

  it('has room even where the terminal says it has no columns', () => expect(textOptions({ isTTY: true, columns: 0 }).columns).toBe(100))

  it('is redrawn only for a person, at a terminal that can', () => {
    vi.stubEnv('CI', undefined)
    vi.stubEnv('TERM', 'xterm')
    expect(isLive({ isTTY: true })).toBe(true)
    expect(isLive({})).toBe(false)
    vi.stubEnv('TERM', 'dumb')
    expect(isLive({ isTTY: true })).toBe(false)
    vi.stubEnv('TERM', 'xterm')
    vi.stubEnv('CI', 'true')
    expect(isLive({ isTTY: true })).toBe(false)
  })
})
