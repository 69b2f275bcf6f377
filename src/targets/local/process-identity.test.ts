import { afterEach, describe, expect, it, vi } from 'vitest'
import { processorNanosOf, processStart } from './process-identity.ts'

const world = vi.hoisted(() => ({ stats: new Map<string, string>(), ps: undefined as string | undefined, asked: [] as string[] }))

vi.mock('node:fs', () => ({
  readFileSync(path: string) {
    const stat = world.stats.get(path)
    if (stat === undefined) throw new Error('ENOENT')
    return stat
  },
}))
vi.mock('node:child_process', () => ({
  execFileSync(program: string, args: string[], { encoding }: { encoding?: string }) {
    world.asked.push([program, ...args].join(' '))
    if (world.ps === undefined) throw new Error('exit 1')
    return encoding === 'utf8' ? world.ps : Buffer.from(world.ps)
  },
}))

const { platform } = process
const on = (value: string) => Object.defineProperty(process, 'platform', { value })
afterEach(() => on(platform))

/** As proc(5) has it: the fields behind the state are numbered from the fourth on. */
function stat(name: string, state: string): string {
  return `7 (${name}) ${state} ${Array.from({ length: 49 }, (_, index) => 1_000 + index + 4).join(' ')}\n`
}

describe('when a process started', () => {
  it.each(['redis-server', 'a b', 'x) S 1 (y', ')', ''])('is the 22nd field on Linux, whatever the process is called: %j', (name) => {
    on('linux')
    world.stats.set('/proc/7/stat', stat(name, 'S'))
    expect(processStart(7)).toBe('1022')
    expect(processStart(8)).toBeUndefined()
  })

  it.each(['Z', 'X'])('is not told of one that is dead and not yet buried (%s)', (state) => {
    on('linux')
    world.stats.set('/proc/7/stat', stat('redis-server', state))
    expect(processStart(7)).toBeUndefined()
  })

  it('is what ps says elsewhere', () => {
    on('darwin')
    world.ps = 'Fri Nov 27 08:38:32 2026\n'
    expect(processStart(7)).toBe('Fri Nov 27 08:38:32 2026')
    expect(world.asked).toEqual(['ps -o lstart= -p 7'])
    world.ps = '\n'
    expect(processStart(7)).toBeUndefined()
    world.ps = undefined
    expect(processStart(7)).toBeUndefined()
  })
})

describe('the processor time of a process', () => {
  it('is what it used itself and what the kernel did for it, in ticks of 10 ms', () => {
    on('linux')
    // The 14th field and the 15th.
    world.stats.set('/proc/7/stat', stat('a) S b', 'S'))
    expect(processorNanosOf(7)).toBe((1_014 + 1_015) * 10_000_000)
    expect(processorNanosOf(8)).toBeUndefined()
  })

  it('is not known elsewhere than on Linux', () => {
    on('darwin')
    world.stats.set('/proc/7/stat', stat('redis-server', 'S'))
    expect(processorNanosOf(7)).toBeUndefined()
  })
})
