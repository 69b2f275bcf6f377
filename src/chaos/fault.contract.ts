import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../client/client.ts'
import type { Runtime, Task } from '../runtime/runtime.ts'
import type { Target } from '../targets/target.ts'
import type { Fault, Undo } from './fault.ts'

/** What a fault is tried on. */
export interface FaultContractSubject {
  readonly name: string
  open(): Promise<{ readonly runtime: Runtime; readonly target: Target; readonly client: Client; close(): Promise<void> }>
}

/** The suite that every fault passes, on every kind of target that it fits. */
export function faultContract(fault: Fault, subject: FaultContractSubject): void {
  describe(`fault ${fault.name} on ${subject.name}`, () => {
    let opened: Awaited<ReturnType<FaultContractSubject['open']>>
    beforeEach(async () => {
      opened = await subject.open()
    })
    afterEach(() => opened.close())

    const run = (program: (task: Task) => Promise<void>) => opened.runtime.run('test', program)
    const context = () => ({ runtime: opened.runtime, target: opened.target, on: 'primary' })

    const begin = (task: Task) =>
      task.wait<{ undo: () => Promise<Error | undefined>; error: Error | undefined }>('the fault to begin', (settle) => {
        let undo: Undo | undefined
        let told: { error: Error | undefined } | undefined
        let calls = 0
        const ready = () => {
          if (undo === undefined || told === undefined) return
          settle({ error: told.error, undo: () => task.wait('the undo', (ended) => undo!(ended)) })
        }
        undo = fault.start(context(), (error) => {
          if (++calls > 1) throw new Error('began was called twice')
          told = { error }
          ready()
        })
        ready()
      })

    const answers = (task: Task) =>
      task.wait<boolean>('an answer', (settle) => {
        const redis = opened.target.family === 'redis'
        opened.client.submit(redis ? ['PING'] : ['version'], 0, { reply: () => settle(true), failed: () => settle(false) })
      })

    /** The client may need some tries to connect again. */
    const answersAgain = async (task: Task) => {
      for (let attempt = 0; attempt < 500; attempt++) {
        if (await answers(task)) return true
        await task.sleep(20_000_000)
      }
      return false
    }

    it('fits, begins once, and is undone', () =>
      run(async (task) => {
        expect(fault.unfit(opened.target)).toBeUndefined()
        expect(await answersAgain(task)).toBe(true)
        const { undo, error } = await begin(task)
        expect(error).toBeUndefined()
        expect(await undo()).toBeUndefined()
        expect(await answersAgain(task)).toBe(true)
      }))

    it('may be undone twice, and at the same time', () =>
      run(async (task) => {
        const { undo } = await begin(task)
        const both = task.wait<number>('two undos', (settle) => {
          let ended = 0
          for (let index = 0; index < 2; index++) void undo().then(() => ++ended === 2 && settle(ended))
        })
        expect(await both).toBe(2)
        expect(await undo()).toBeUndefined()
        expect(await answersAgain(task)).toBe(true)
      }))

    it('may be undone before it has begun', () =>
      run(async (task) => {
        await task.wait<void>('the undo', (settle) => {
          const undo = fault.start(context(), () => undefined)
          undo(() => settle())
        })
        expect(await answersAgain(task)).toBe(true)
      }))

    it('may be started and undone again', () =>
      run(async (task) => {
        for (let round = 0; round < 3; round++) {
          const { undo, error } = await begin(task)
          expect(error).toBeUndefined()
          expect(await undo()).toBeUndefined()
        }
        expect(await answersAgain(task)).toBe(true)
      }))
  })
}
