import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { entryFile } from '../../../src/runtime/entry-file.ts'
import { RawPeer } from '../raw-peer.ts'
import { FakeProcess } from './fake-process.ts'

it('is a fake with an event loop of its own, which can be told more later and asked what it saw', async () => {
  const fake = await FakeProcess.start({ family: 'redis', behaviours: [{ deny: { commands: ['SET'], error: 'NOPERM' } }] })
  try {
    const peer = new RawPeer(fake.port).send('SET a 1\r\n')
    expect(await peer.heard(9)).toBe('-NOPERM\r\n')
    fake.add({ answer: { commands: ['GET'], bytes: ':7\r\n' } })
    await fake.counts()
    expect(await peer.send('GET a\r\n').heard(13)).toBe('-NOPERM\r\n:7\r\n')
    expect(await fake.counts()).toMatchObject({ connections: 1, commands: { SET: 1, GET: 1 } })
    peer.close()
  } finally {
    await fake.close()
  }
})

it('dies with who started it, also by kill -9', async () => {
  const fakeProcess = entryFile(import.meta.url, './fake-process.ts')
  const script = `const { FakeProcess } = await import(${JSON.stringify(fakeProcess)}); const one = await FakeProcess.start({ family: 'redis', behaviours: [{ limited: { perSecond: 1 } }] }); console.log(one.port)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve) => parent.stdout.once('data', (line) => resolve(Number(line))))
  // With something to do: whoever waits for an answer must not keep it alive.
  const peer = new RawPeer(port).send('GET a\r\n'.repeat(100))
  await peer.heard(5)
  parent.kill('SIGKILL')
  expect(await peer.over()).not.toBe('open')
  // Its sockets go one after the other: one that comes meanwhile may still be accepted.
  let last: RawPeer['ended'] = 'open'
  for (let look = 0; look < 100 && last !== 'refused'; look++) last = await new RawPeer(port).over()
  expect(last).toBe('refused')
})
