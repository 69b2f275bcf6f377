import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { killProcess, removeScratchFolder, runUndo } from './run-undo.ts'

/** Nothing here touches the machine: with a fault in it, what is tested would kill or remove what is not ours. */
const world = vi.hoisted(() => ({
  starts: new Map<number, string>(),
  links: new Map<string, string>(),
  /** Paths that are not what they seem. */
  real: new Map<string, string>(),
  processes: [] as string[],
  log: [] as string[],
  failing: new Set<string>(),
}))

function did(what: string): void {
  world.log.push(what)
  if (world.failing.has(what)) throw new Error(what)
}

vi.mock('node:os', () => ({ tmpdir: () => '/tmp-link' }))
vi.mock('node:fs', () => ({
  readdirSync: () => world.processes,
  readlinkSync(path: string) {
    const target = world.links.get(path)
    if (target === undefined) throw new Error(`ENOENT ${path}`)
    return target
  },
  realpathSync(path: string) {
    if (path.includes('missing')) throw new Error('ENOENT')
    return world.real.get(path) ?? path
  },
  rmSync: (path: string, { recursive, force }: { recursive: boolean; force: boolean }) => did(`rm ${path}${recursive && force ? '' : ' in part'}`),
}))
vi.mock('node:child_process', () => ({
  spawnSync: (program: string, args: string[], { timeout }: { timeout: number }) => did(`run ${[program, ...args].join(' ')} for ${timeout} ms`),
}))
vi.mock('./process-identity.ts', () => ({ processStart: (pid: number) => world.starts.get(pid) }))
vi.mock('./sweep-keys.ts', () => ({
  sweepKeys: async ({ host }: { host: string }, prefix: string, names: unknown) => did(`sweep ${host} ${prefix} ${JSON.stringify(names)}`),
}))
vi.mock('./drop-table.ts', () => ({ dropTable: async ({ host }: { host: string }, table: string) => did(`drop ${host} ${table}`) }))
vi.mock('./delete-names.ts', () => ({
  deleteNames: async (nodes: unknown, names: unknown) => did(`delete ${JSON.stringify(nodes)} ${JSON.stringify(names)}`),
}))

const TEMPORARY = '/real-tmp'
const FOLDER = `${TEMPORARY}/cacheproof-test-1`
const { platform } = process
const on = (value: string) => Object.defineProperty(process, 'platform', { value })
let kill: ReturnType<typeof vi.spyOn>

beforeEach(() => {
  for (const part of [world.starts, world.links, world.real, world.failing]) part.clear()
  world.processes = []
  world.log = []
  world.real.set('/tmp-link', TEMPORARY)
  kill = vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    did(`kill ${pid} ${signal}`)
    return true
  })
  on('linux')
})
afterEach(() => {
  kill.mockRestore()
  on(platform)
})

/** A process by the folder it stands in and the file it writes to. */
function running(pid: number | string, folder: string, output: string): void {
  world.processes.push(String(pid))
  world.links.set(`/proc/${pid}/cwd`, folder)
  world.links.set(`/proc/${pid}/fd/1`, output)
}

describe('a process', () => {
  it('is killed where it is the one that was started', () => {
    world.starts.set(7, 'noon')
    killProcess(7, 'noon')
    expect(world.log).toEqual(['kill 7 SIGKILL'])
  })

  it('is left alone where another has its pid by now, or none', () => {
    world.starts.set(7, 'one')
    killProcess(7, 'noon')
    killProcess(8, 'noon')
    expect(world.log).toEqual([])
  })

  it('may have gone in between', () => {
    world.starts.set(7, 'noon')
    world.failing.add('kill 7 SIGKILL')
    expect(() => killProcess(7, 'noon')).not.toThrow()
    expect(world.log).toHaveLength(1)
  })
})

describe('a folder of ours', () => {
  it('is removed with all that is in it, after the servers that run there', () => {
    running(10, FOLDER, `${FOLDER}/log`)
    running(11, `${FOLDER}/data`, `${FOLDER}/data/log`)
    world.failing.add('kill 10 SIGKILL')
    removeScratchFolder(FOLDER)
    expect(world.log).toEqual(['kill 10 SIGKILL', 'kill 11 SIGKILL', `rm ${FOLDER}`])
  })

  it('is no reason to kill anybody else', () => {
    running(process.pid, FOLDER, `${FOLDER}/log`)
    running('self', FOLDER, `${FOLDER}/log`)
    // Somebody who looks at what is there, one who only writes there, a neighbour, one who is not ours to look at.
    running(20, FOLDER, '/dev/pts/0')
    running(21, '/home', `${FOLDER}/log`)
    running(22, `${FOLDER}0`, `${FOLDER}0/log`)
    world.processes.push('23')
    removeScratchFolder(FOLDER)
    expect(world.log).toEqual([`rm ${FOLDER}`])
  })

  it('is removed also where nobody can tell who runs in it', () => {
    on('darwin')
    running(10, FOLDER, `${FOLDER}/log`)
    removeScratchFolder(FOLDER)
    expect(world.log).toEqual([`rm ${FOLDER}`])
  })
})

describe('any other path is left alone', () => {
  it.each([
    ['a folder of somebody', `${TEMPORARY}/someone-1`],
    ['one whose name only holds ours', `${TEMPORARY}/not-cacheproof-1`],
    ['one below a folder of ours', `${FOLDER}/cacheproof-2`],
    ['one elsewhere', '/home/cacheproof-1'],
    ['the temporary folder', TEMPORARY],
    ['one that is missing', `${TEMPORARY}/cacheproof-missing`],
  ])('%s', (_, path) => {
    running(10, path, `${path}/log`)
    removeScratchFolder(path)
    expect(world.log).toEqual([])
  })

  it('a link to somewhere', () => {
    world.real.set(FOLDER, '/home')
    removeScratchFolder(FOLDER)
    world.real.set(`${FOLDER}/../cacheproof-2`, `${TEMPORARY}/cacheproof-2`)
    removeScratchFolder(`${FOLDER}/../cacheproof-2`)
    expect(world.log).toEqual([])
  })
})

describe('what was registered is undone', () => {
  const server = { host: 'pg', port: 5432, ssl: false } as const
  const endpoint = { host: 'redis', port: 6379 }
  const nodes = [{ host: 'memcached', port: 11211 }]
  const names = [{ stem: 'own:', count: 3 }]

  it('the last first, what is asked of endpoints after all others', async () => {
    world.starts.set(7, 'noon')
    await runUndo([
      { kind: 'sweep', endpoint, prefix: 'own:', names },
      { kind: 'folder', path: FOLDER },
      { kind: 'names', nodes, names },
      { kind: 'kill', pid: 7, start: 'noon' },
      { kind: 'drop', server, table: 'cacheproof_1' },
      { kind: 'run', argv: ['touch', 'a', 'b'] },
    ])
    expect(world.log).toEqual([
      'run touch a b for 10000 ms',
      'kill 7 SIGKILL',
      `rm ${FOLDER}`,
      'drop pg cacheproof_1',
      `delete ${JSON.stringify(nodes)} ${JSON.stringify(names)}`,
      `sweep redis own: ${JSON.stringify(names)}`,
    ])
  })

  it('each, whatever becomes of the others', async () => {
    const all = [`rm ${FOLDER}`, 'run a for 10000 ms', 'sweep redis own: []', 'drop pg cacheproof_1', 'delete [] []']
    for (const what of all) world.failing.add(what)
    await runUndo([
      { kind: 'drop', server, table: 'cacheproof_1' },
      { kind: 'names', nodes: [], names: [] },
      { kind: 'sweep', endpoint, prefix: 'own:', names: [] },
      { kind: 'folder', path: FOLDER },
      { kind: 'run', argv: ['a'] },
    ])
    expect([...world.log].sort()).toEqual([...all].sort())
  })
})
