// needs: redis-server

import { afterEach, describe, expect, test } from 'vitest'
import { crewContract, openCrew, runLoad } from '../src/run/instance/crew.contract.ts'
import { VERIFY_PHASE } from '../src/run/instance/crew.ts'
import { RespProbe } from '../src/target/probe/resp-probe.ts'
import { RealServer } from './support/real-server.ts'

crewContract('child processes', { virtual: false, instances: 2 })

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function crewOnRealServer() {
  const server = await RealServer.start('redis-server')
  cleanUps.push(() => server.close())
  const bed = await openCrew({ virtual: false, instances: 2, targetUrl: `redis://127.0.0.1:${server.port}` })
  cleanUps.push(() => bed.close())
  return { server, bed }
}

describe('a crew of processes on a real server', () => {
  test('while the load runs the server sees the connections that the workload says, and none of the process that prepares', async () => {
    const { server, bed } = await crewOnRealServer()
    const probe = await RespProbe.open({ host: '127.0.0.1', port: server.port }, 1_000)
    cleanUps.push(() => probe.close())
    /** Without the one that asks. */
    const connections = async () =>
      String(await probe.call('CLIENT', 'LIST', 'TYPE', 'normal'))
        .trim()
        .split('\n').length - 1
    await bed.crew.prepare()
    let during: Promise<number> | undefined
    await runLoad(bed, () => {
      during = connections()
    })
    expect(await during).toBe(9)
    expect(bed.crew.openConnections).toBe(9)
    await bed.crew.verify()
    expect(await connections()).toBe(10)
    await bed.crew.close()
  })

  test('reading back from a server that has gone meanwhile finds refusals, and is no error', async () => {
    const { server, bed } = await crewOnRealServer()
    await bed.crew.prepare()
    await runLoad(bed, () => void server.kill())
    await bed.crew.verify()
    await bed.crew.close()
    const readBack = (await bed.rows()).filter(({ phase, layer }) => phase === VERIFY_PHASE && layer === 'cache')
    expect(readBack.length).toBeGreaterThan(0)
    expect(new Set(readBack.map(({ status, error }) => `${status} ${error}`))).toEqual(new Set(['fail refused']))
  })
})
