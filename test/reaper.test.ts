// needs: redis-server, valkey-server, memcached

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entryFile } from '../src/runtime/entry-file.ts'
import { type LocalServer, startLocalServer } from '../src/targets/local/local-server.ts'
import { processStart } from '../src/targets/local/process-identity.ts'
import { killProcess, removeScratchFolder, runUndo } from '../src/targets/local/run-undo.ts'
import { createScratchFolder } from '../src/targets/local/scratch-folder.ts'
import { RespProbe } from '../src/targets/probe/resp-probe.ts'

let server: LocalServer
beforeAll(async () => {
  server = await startLocalServer({ kind: 'redis', args: ['--requirepass', 'secret'] })
})
afterAll(() => server.stop())

const built = (relative: string) => pathToFileURL(entryFile(import.meta.url, relative)).href

test('kill -9 of a process takes its servers, folders and keys with it, and runs its undo commands', async () => {
  const scratch = createScratchFolder('test')
  const witness = join(scratch.path, 'undone')
  await redis('SET', 'cp:run1:a', '1')
  await redis('SET', 'cp:run1:b', '1')
  await redis('SET', 'cp:run10:other', '1')
  const program = `
    import { startLocalServer } from ${JSON.stringify(built('../src/targets/local/local-server.ts'))}
    import { theReaper } from ${JSON.stringify(built('../src/targets/local/reaper.ts'))}
    const endpoint = { host: '127.0.0.1', port: ${server.port}, password: 'secret' }
    theReaper().register({ kind: 'sweep', endpoint, prefix: 'cp:run1:' })
    theReaper().register({ kind: 'run', argv: ['touch', ${JSON.stringify(witness)}] })
    const takeBack = theReaper().register({ kind: 'run', argv: ['touch', ${JSON.stringify(`${witness}-not`)}] })
    takeBack()
    const servers = [await startLocalServer({ kind: 'redis' }), await startLocalServer({ kind: 'memcached' })]
    console.log(JSON.stringify(servers.map(({ pid, folder }) => ({ pid, folder }))))
    setInterval(() => undefined, 1000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk)))
    child.once('exit', () => reject(new Error('the program ended by itself')))
  })
  const started = JSON.parse(line) as { pid: number; folder: string }[]
  expect(started.map(({ pid }) => processStart(pid))).not.toContain(undefined)
  child.kill('SIGKILL')
  for (const { pid, folder } of started) {
    await until(() => processStart(pid) === undefined)
    await until(() => !existsSync(folder))
  }
  await until(() => existsSync(witness))
  await until(async () => (await redis('EXISTS', 'cp:run1:a', 'cp:run1:b')) === 0)
  expect(await redis('EXISTS', 'cp:run10:other')).toBe(1)
  expect(existsSync(`${witness}-not`)).toBe(false)
  scratch.remove()
})

test('a server that was spawned but not yet registered goes with its folder', async () => {
  const local = await startLocalServer({ kind: 'valkey' })
  const pid = local.pid!
  removeScratchFolder(local.folder)
  await until(() => processStart(pid) === undefined)
  expect(existsSync(local.folder)).toBe(false)
  await local.stop()
})

test('a process that got the pid of ours later is left alone', () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  const start = processStart(child.pid!)!
  killProcess(child.pid!, `${start}0`)
  expect(processStart(child.pid!)).toBe(start)
  killProcess(child.pid!, start)
  return until(() => processStart(child.pid!) === undefined)
})

test('a folder that is not ours is left alone', async () => {
  const foreign = mkdtempSync(join(tmpdir(), 'someone-'))
  writeFileSync(join(foreign, 'file'), '')
  const scratch = createScratchFolder('test')
  await runUndo([
    { kind: 'folder', path: foreign },
    { kind: 'folder', path: `${scratch.path}/../${foreign.split('/').at(-1)}` },
    { kind: 'folder', path: tmpdir() },
  ])
  expect(existsSync(join(foreign, 'file'))).toBe(true)
  scratch.remove()
  await runUndo([{ kind: 'run', argv: ['rm', '-r', foreign] }])
  expect(existsSync(foreign)).toBe(false)
})

async function redis(...words: string[]) {
  const probe = await RespProbe.open({ host: server.host, port: server.port }, 5_000)
  try {
    await probe.login({ host: server.host, port: server.port, password: 'secret' })
    return await probe.call(...words)
  } finally {
    probe.close()
  }
}

/** Polls; the test's own time limit ends it. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}
