import { afterEach, describe, expect, test } from 'vitest'
import type { Client, Failure } from '../client/client.ts'
import type { Command } from '../protocol/command.ts'
import { MemcachedValues, type Reply, ReplyError } from '../protocol/reply.ts'
import { type Runtime, SECOND } from '../runtime/runtime.ts'
import { openTarget } from './open-target.ts'
import type { Target } from './target.ts'

/** A target to try, and what stands behind it. */
export interface TargetBed {
  readonly runtime: Runtime
  readonly target: Target
  /** Words that stood in its URL or environment and may stand nowhere else. */
  readonly secrets?: readonly string[]
  /** Ends what the target does not: servers of the test, the runtime. */
  cleanUp(): void | Promise<void>
}

const CLIENT = { deadlineNanos: 5 * SECOND, connections: 1, id: 1 }
const PREFIX = 'cp:target-contract:'
const ENGINES = { redis: ['redis', 'valkey'], memcached: ['memcached'] }

/** That a reader of a report learns what was measured, and no secret. Throws else. */
export function expectDescribed({ description, family, clientSettings, control }: Target, secrets: readonly string[] = []): void {
  expect(ENGINES[family]).toContain(description.engine)
  expect(description.version).toMatch(/^\d+\.\d+(\.\d+)?$/)
  for (const words of [description.url, description.label, description.topology]) expect(words).not.toBe('')
  const settings = Object.entries(description.settings)
  expect(settings.length).toBeGreaterThan(0)
  expect(Object.keys(clientSettings ?? {}).length).toBeGreaterThan(0)
  for (const [name, value] of [...settings, ...Object.entries(clientSettings ?? {})]) expect([name, value]).not.toContain('')
  if (description.evidence === 'modelled') expect(description.networkModel).toMatch(/\w+ \w+/)
  else expect(description.networkModel).toBeUndefined()
  if (description.evidence === 'observed') expect(description.roundTripNanos).toBeGreaterThan(0)
  // Faults act on what is ours, and on nothing else.
  expect(control !== undefined).toBe(description.ours)
  const shown = JSON.stringify([description, clientSettings])
  for (const secret of secrets) expect(shown).not.toContain(secret)
}

/** The suite of every target. */
export function targetContract(name: string, open: () => Promise<TargetBed>): void {
  describe(`target contract: ${name}`, () => {
    let bed: TargetBed
    const clients: Client[] = []
    const opened = async (): Promise<Target> => {
      bed = await open()
      return bed.target
    }
    const connect = async (target: Target, id = 1): Promise<Client> => {
      const client = await target.connect({ ...CLIENT, id })
      clients.push(client)
      return client
    }
    afterEach(async () => {
      await Promise.all(clients.splice(0).map((client) => client.close()))
      await bed.target.close()
      await bed.cleanUp()
    })

    /** Waits as a program does, so that it is the same on virtual time. */
    async function wait<T>(start: (settle: (value: T) => void) => void): Promise<T> {
      let heard: T | undefined
      await bed.runtime.run('wait', async (task) => {
        heard = await task.wait<T>('an answer', start)
      })
      return heard as T
    }
    const ask = (client: Client, command: Command): Promise<Reply | Failure> =>
      wait((settle) => client.submit(command, 0, { reply: (_, reply) => settle(reply), failed: (_, failure) => settle(failure) }))
    const set = async (client: Client, key: string, value: string): Promise<void> => {
      const reply = await ask(client, bed.target.family === 'redis' ? ['SET', key, value, 'PX', '60000'] : ['set', key, '0', '60', value])
      expect(reply).toMatchObject({ text: bed.target.family === 'redis' ? 'OK' : 'STORED' })
    }
    const get = async (client: Client, key: string): Promise<string | null> => {
      const reply = await ask(client, [bed.target.family === 'redis' ? 'GET' : 'get', key])
      const value = reply instanceof MemcachedValues ? (reply.items[0]?.value ?? null) : reply
      if (value === null) return null
      if (!(value instanceof Uint8Array)) throw new Error(`not a value: ${JSON.stringify(value)}`)
      return Buffer.from(value).toString()
    }
    const answers = async (client: Client): Promise<boolean> => {
      const reply = await ask(client, [bed.target.family === 'redis' ? 'GET' : 'get', `${PREFIX}any`])
      return !(reply instanceof ReplyError) && !isFailure(reply)
    }

    test('describes itself, and shows no secret', async () => {
      expectDescribed(await opened(), bed.secrets)
    })

    test('its clients answer, and see one cache', async () => {
      const target = await opened()
      const first = await connect(target)
      const second = await connect(target, 2)
      for (let index = 0; index < 20; index++) await set(first, `${PREFIX}${index}`, `value ${index}`)
      for (let index = 0; index < 20; index++) expect(await get(second, `${PREFIX}${index}`)).toBe(`value ${index}`)
      expect(await get(second, `${PREFIX}absent`)).toBeNull()
      await first.close()
      expect(await answers(second)).toBe(true)
    })

    test('other processes reach the same cache by its connectUrl, without looking at it again', async () => {
      const target = await opened()
      if (target.connectUrl === undefined) {
        // Only what has no socket can't be reached.
        expect(target.description.topology).toBe('embedded')
        return
      }
      await set(await connect(target), `${PREFIX}shared`, 'seen')
      const other = await openTarget(target.connectUrl, { runtime: bed.runtime, client: 'wire', env: {}, describe: false })
      expect(await get(await connect(other), `${PREFIX}shared`)).toBe('seen')
      await other.close()
    })

    test('a claimed prefix is removed on demand, and no other key', async () => {
      const target = await opened()
      if (!target.claimPrefix) {
        // What is ours goes as a whole; memcached can't list keys, and lets them expire.
        expect(target.description.ours || target.family === 'memcached').toBe(true)
        return
      }
      const release = target.claimPrefix(PREFIX)
      const client = await connect(target)
      const others = ['cp:target-contract', 'cp:target-contract;', `x${PREFIX}`, '*']
      for (const key of others) await set(client, key, 'mine')
      for (const key of ['', '1', '2', '*', '[a]']) await set(client, PREFIX + key, 'to go')
      await release()
      await release()
      for (const key of ['', '1', '2', '*', '[a]']) expect(await get(client, PREFIX + key)).toBeNull()
      for (const key of others) expect(await get(client, key)).toBe('mine')
    })

    test('what is ours can be killed and brought back on the same address; twice is once', async () => {
      const target = await opened()
      const { control } = target
      if (!control) return
      const act = async (act: 'kill' | 'start'): Promise<void> => {
        expect(await wait<Error | undefined>((settle) => control[act](settle))).toBeUndefined()
      }
      const client = await connect(target)
      await set(client, `${PREFIX}before`, 'kill')
      await act('kill')
      await act('kill')
      expect(control.pid()).toBeUndefined()
      // The first may still be under way to where nobody is any more.
      await ask(client, [target.family === 'redis' ? 'GET' : 'get', 'x'])
      expect(await answers(client)).toBe(false)
      await act('start')
      await act('start')
      const after = await connect(target, 2)
      expect(await get(after, `${PREFIX}before`)).toBeNull()
      await set(after, `${PREFIX}after`, 'start')
    })

    test('closing it ends what is ours and leaves alone what is not; twice is once', async () => {
      const target = await opened()
      const client = await connect(target)
      expect(await answers(client)).toBe(true)
      const pid = target.control?.pid()
      await target.close()
      await target.close()
      if (!target.description.ours) return expect(await answers(client)).toBe(true)
      await ask(client, [target.family === 'redis' ? 'GET' : 'get', 'x'])
      expect(await answers(client)).toBe(false)
      if (pid !== undefined) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
      if (target.connectUrl !== undefined) {
        const again = openTarget(target.connectUrl, { runtime: bed.runtime, client: 'wire', env: {} })
        await expect(again).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' })
      }
    })
  })
}

function isFailure(answer: Reply | Failure): answer is Failure {
  return typeof answer === 'object' && answer !== null && 'status' in answer
}
