import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dropTable } from './drop-table.ts'

const world = vi.hoisted(() => ({ log: [] as string[], options: {} as Record<string, unknown>, fails: false }))

vi.mock('postgres', () => ({
  default(options: Record<string, unknown>) {
    world.options = options
    return {
      async unsafe(statement: string) {
        world.log.push(statement)
        if (world.fails) throw new Error('no such server')
      },
      async end({ timeout }: { timeout?: number }) {
        world.log.push(`end within ${timeout} s`)
      },
    }
  },
}))

const SERVER = { host: 'pg', port: 5432, username: 'u', password: 'p', database: 'd', ssl: 'require' } as const

beforeEach(() => {
  vi.useFakeTimers()
  world.log = []
  world.fails = false
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a table of a process that has died', () => {
  it('is dropped, and again when a statement that was under way may have made it anew', async () => {
    const dropped = dropTable(SERVER, 'cacheproof_rows_1')
    await vi.advanceTimersByTimeAsync(999)
    expect(world.log).toEqual(['drop table if exists "cacheproof_rows_1"'])
    await vi.advanceTimersByTimeAsync(1)
    await dropped
    expect(world.log).toEqual(['drop table if exists "cacheproof_rows_1"', 'drop table if exists "cacheproof_rows_1"', 'end within 1 s'])
    expect(world.options).toMatchObject({ ...SERVER, max: 1, connection: { application_name: 'cacheproof', statement_timeout: 10_000 } })
  })

  it('leaves no connection when that fails', async () => {
    world.fails = true
    await expect(dropTable(SERVER, 'cacheproof_rows_1')).rejects.toThrow('no such server')
    expect(world.log.at(-1)).toBe('end within 1 s')
  })

  it.each(['users', 'cacheproof', 'xcacheproof_1', 'cacheproof_"; drop table users; --', 'cacheproof_A', 'cacheproof_1 ', 'cacheproof_'])(
    'is never %j, which none of ours is called',
    async (table) => {
      const refused = expect(dropTable(SERVER, table)).rejects.toThrow('refusing to drop')
      await vi.advanceTimersByTimeAsync(1_000)
      await refused
      expect(world.log).toEqual([])
    },
  )
})
