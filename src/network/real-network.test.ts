import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { makeTestCertificates } from '../../test/support/certificates.ts'
import { createRealRuntime } from '../runtime/real-runtime.ts'
import type { Task } from '../runtime/runtime.ts'
import type { NetworkFailure } from './closed.ts'
import { type NetworkSubject, networkContract } from './network.contract.ts'
import { REAL_NETWORK } from './real-network.ts'
import { Host, Talker } from './talker.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'network-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
const certificates = makeTestCertificates(folder)
const pem = (file: string): string => readFileSync(file, 'utf8')
const tls = { cert: pem(certificates.server.certFile), key: pem(certificates.server.keyFile) }
const ca = pem(certificates.server.caFile)

function subject(differs: Partial<NetworkSubject> = {}): NetworkSubject {
  const runtime = createRealRuntime({ seed: 1 })
  return {
    runtime,
    server: REAL_NETWORK,
    client: REAL_NETWORK,
    address: () => ({ host: '127.0.0.1', port: 0 }),
    nobody: { host: '127.0.0.1', port: 1 },
    unknownName: 'nobody.invalid',
    encryption: 'none',
    close: () => runtime.close(),
    ...differs,
  }
}

let sockets = 0
networkContract('real, TCP', () => subject())
networkContract('real, IPv6', () => subject({ address: () => ({ host: '::1', port: 0 }), nobody: { host: '::1', port: 1 } }))
networkContract('real, unix socket', () =>
  subject({ address: () => ({ path: join(folder, `${sockets++}.sock`) }), nobody: { path: join(folder, 'nobody.sock') } }),
)
networkContract('real, TLS', () => subject({ encryption: 'tls', listening: { tls }, dialling: { tls: { ca } } }))

async function onStage(play: (task: Task) => Promise<void>): Promise<void> {
  const runtime = createRealRuntime({ seed: 1 })
  try {
    await runtime.run('test', play)
  } finally {
    runtime.close()
  }
}

it('says what was wrong with a handshake, by its code', () =>
  onStage(async (task) => {
    const host = new Host(REAL_NETWORK, { host: '127.0.0.1', port: 0 }, { tls })
    const address = await host.address(task)
    const untrusting = Talker.dial(REAL_NETWORK, address, { tls: { ca: pem(certificates.otherCaFile) } })
    expect(await untrusting.untilClosed(task)).toBe('tls')
    expect((untrusting.reason as NetworkFailure).code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    const misnamed = Talker.dial(REAL_NETWORK, address, { tls: { ca, servername: 'elsewhere' } })
    expect(await misnamed.untilClosed(task)).toBe('tls')
    expect((misnamed.reason as NetworkFailure).code).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    await host.close(task)
    expect(host.accepted.every(({ told }) => !told.includes('data'))).toBe(true)

    const plain = new Host(
      REAL_NETWORK,
      { host: '127.0.0.1', port: 0 },
      undefined,
      () => new Talker({ data: () => plain.accepted[0]!.write('-ERR what?\r\n') }),
    )
    const deaf = Talker.dial(REAL_NETWORK, await plain.address(task), { tls: { ca } })
    expect(await deaf.untilClosed(task)).toBe('tls')
    await plain.close(task)
  }))

it('a listener that closes cuts whom it has not accepted yet', () =>
  onStage(async (task) => {
    const host = new Host(REAL_NETWORK, { host: '127.0.0.1', port: 0 }, { tls })
    const silent = Talker.dial(REAL_NETWORK, await host.address(task))
    await silent.untilTold(task, 'connected')
    await host.close(task)
    silent.also.ended = () => silent.end()
    expect(await silent.untilClosed(task)).toMatch(/^(?:ended by peer|reset)$/)
  }))

it('reads what is accepted into its one buffer, on this Node too', () =>
  onStage(async (task) => {
    const buffers = new Set<ArrayBufferLike>()
    const host = new Host(REAL_NETWORK, { host: '127.0.0.1', port: 0 }, undefined, () => new Talker({ data: (chunk) => buffers.add(chunk.buffer) }))
    const address = await host.address(task)
    const clients = [Talker.dial(REAL_NETWORK, address), Talker.dial(REAL_NETWORK, address)]
    for (const [n, client] of clients.entries()) {
      client.write(`hello ${n}`)
      const far = await host.nth(task, n + 1)
      await far.until(task, 'hello', () => far.text === `hello ${n}`)
    }
    expect(buffers.size).toBe(1)
    for (const { connection } of [...clients, ...host.accepted]) connection.destroy()
    await host.close(task)
  }))
