import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reaper } from './reaper.ts'

interface FakeChild extends EventEmitter {
  readonly lines: unknown[]
  readonly program: readonly string[]
  readonly options: { readonly detached: boolean; readonly cwd: string; readonly stdio: unknown; readonly env: Readonly<Record<string, string>> }
  unreferenced: number
}

const world = vi.hoisted(() => ({ children: [] as unknown[], start: undefined as unknown as (...args: unknown[]) => unknown }))
vi.mock('node:child_process', () => ({ spawn: (...args: unknown[]) => world.start(...args) }))
// Nothing is started, so nothing has to be built.
vi.mock('../../runtime/entry-file.ts', () => ({ entryFile: (base: string, program: string) => `${base} ${program}` }))

const children = world.children as FakeChild[]
world.start = (program, args, options) => {
  const lines: unknown[] = []
  const stdin = Object.assign(new EventEmitter(), {
    write: (text: string) => {
      expect(text.endsWith('\n')).toBe(true)
      lines.push(JSON.parse(text))
    },
    unref: () => child.unreferenced++,
  })
  const child = Object.assign(new EventEmitter(), {
    lines,
    stdin,
    options,
    unreferenced: 0,
    program: [program, ...(args as string[])],
    unref: () => child.unreferenced++,
  })
  children.push(child as unknown as FakeChild)
  return child
}

const run = (word: string) => ({ kind: 'run', argv: [word] }) as const
let reaper: Reaper
beforeEach(async () => {
  children.length = 0
  vi.resetModules()
  reaper = (await import('./reaper.ts')).theReaper()
})

describe('the reaper', () => {
  it('is one process, started when there is something to undo, which nothing of ours waits for', async () => {
    expect(children).toHaveLength(0)
    reaper.register(run('a'))
    const again = (await import('./reaper.ts')).theReaper()
    again.register(run('b'))
    expect(again).toBe(reaper)
    expect(children).toHaveLength(1)
    const [child] = children
    expect(child!.lines).toEqual([
      { add: 1, entry: run('a') },
      { add: 2, entry: run('b') },
    ])
    expect(child!.unreferenced).toBe(2)
    expect(child!.program[0]).toBe(process.execPath)
    expect(child!.program[1]).toMatch(/reaper\.ts \.\/reaper-main\.ts$/)
    // Of our environment, which may hold secrets, it gets what it needs.
    expect(child!.options).toMatchObject({ detached: true, cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] })
    expect(Object.keys(child!.options.env).sort()).toEqual(['PATH', 'TMPDIR'])
  })

  it('is told once of what was taken back', () => {
    const takeBack = reaper.register(run('a'))
    takeBack()
    expect(children[0]!.lines).toEqual([{ add: 1, entry: run('a') }, { remove: 1 }])
    takeBack()
    expect(children[0]!.lines).toHaveLength(2)
  })

  it('need not be told of what was taken back while there was none', () => {
    const takeBack = reaper.register(run('a'))
    children[0]!.emit('exit')
    takeBack()
    reaper.register(run('b'))
    expect(children[1]!.lines).toEqual([{ add: 2, entry: run('b') }])
  })

  it.each(['exit', 'error'])('is started again after its %s, and told what is left', (event) => {
    const takeBack = reaper.register(run('a'))
    reaper.register(run('b'))
    takeBack()
    children[0]!.emit(event)
    takeBack()
    reaper.register(run('c'))
    expect(children).toHaveLength(2)
    expect(children[1]!.lines).toEqual([
      { add: 2, entry: run('b') },
      { add: 3, entry: run('c') },
    ])
    // The end of the first says nothing of the second.
    children[0]!.emit('exit')
    reaper.register(run('d'))
    expect(children).toHaveLength(2)
  })

  it('is started again when its pipe breaks', () => {
    reaper.register(run('a'))
    ;(children[0] as unknown as { stdin: EventEmitter }).stdin.emit('error', new Error('EPIPE'))
    reaper.register(run('b'))
    expect(children).toHaveLength(2)
  })
})
