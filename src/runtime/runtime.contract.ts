import { describe, expect, test } from 'vitest'
import { MICROSECOND, MILLISECOND, type Runtime } from './runtime.ts'

/** The conformance suite of every Runtime. */
export function runtimeContract(name: string, create: (seed: number) => Runtime): void {
  describe(`runtime contract: ${name}`, () => {
    test('time starts near zero, in integers, and does not run backward', async () => {
      const runtime = create(1)
      await runtime.run('clock', async (task) => {
        let last = runtime.now()
        expect(last).toBeGreaterThanOrEqual(0)
        for (let turn = 0; turn < 20; turn++) {
          await task.sleep(10 * MICROSECOND)
          expect(Number.isSafeInteger(runtime.now())).toBe(true)
          expect(runtime.now()).toBeGreaterThanOrEqual(last + 10 * MICROSECOND)
          last = runtime.now()
        }
      })
    })

    test('timers fire in order of their instants, equal instants in order of setting, cancelled ones never', async () => {
      const runtime = create(1)
      const fired: string[] = []
      await runtime.run('timers', (task) =>
        task.wait('all', (settle) => {
          runtime.after(9 * MILLISECOND, () => fired.push('late'))
          runtime.after(3 * MILLISECOND, () => fired.push('early'))
          runtime.after(6 * MILLISECOND, () => fired.push('middle'))
          const cancelled = runtime.after(4 * MILLISECOND, () => fired.push('never'))
          cancelled.cancel()
          cancelled.cancel()
          runtime.after(12 * MILLISECOND, () => settle(undefined))
        }),
      )
      expect(fired).toEqual(['early', 'middle', 'late'])
    })

    test('a timer never fires before `after` returns', async () => {
      const runtime = create(1)
      await runtime.run('sync', (task) =>
        task.wait('timer', (settle) => {
          let returned = false
          runtime.after(0, () => {
            expect(returned).toBe(true)
            settle(undefined)
          })
          returned = true
        }),
      )
    })

    test('the end of a turn comes once, in order of asking, and never within the call that asks', async () => {
      const runtime = create(1)
      const seen: string[] = []
      await runtime.run('turn', async (task) => {
        await task.wait<void>('all', (settle) => {
          runtime.after(MILLISECOND, () => {
            runtime.endOfTurn(() => {
              seen.push('first')
              runtime.endOfTurn(() => {
                seen.push('asked for by the first')
                settle()
              })
              seen.push('first over')
            })
            runtime.endOfTurn(() => seen.push('second'))
            seen.push('turn')
          })
        })
        await task.sleep(MILLISECOND)
      })
      expect(seen).toEqual(['turn', 'first', 'first over', 'second', 'asked for by the first'])
    })

    test('what a program gathers and asks to have flushed is flushed before what it waits for comes', async () => {
      const runtime = create(1)
      const gathered: number[] = []
      const flushed: number[][] = []
      await runtime.run('gatherer', async (task) => {
        for (let n = 0; n < 5; n++) {
          gathered.push(n)
          if (gathered.length === 1) runtime.endOfTurn(() => flushed.push(gathered.splice(0)))
          await task.sleep(MILLISECOND)
          expect(gathered).toEqual([])
        }
      })
      expect(flushed.flat()).toEqual([0, 1, 2, 3, 4])
    })

    test('tasks run beside each other and tell how they ended', async () => {
      const runtime = create(1)
      const ended: unknown[] = []
      await runtime.run('parent', (parent) =>
        parent.wait('children', (settle) => {
          const done = (error?: unknown) => {
            ended.push(error)
            if (ended.length === 2) settle(undefined)
          }
          runtime.spawn('good', (task) => task.sleep(MILLISECOND), done)
          runtime.spawn(
            'bad',
            async (task) => {
              await task.sleep(2 * MILLISECOND)
              throw new Error('as planned')
            },
            done,
          )
        }),
      )
      expect(ended[0]).toBeUndefined()
      expect(ended[1]).toEqual(new Error('as planned'))
    })

    test('none of the code of a killed task runs again', async () => {
      const runtime = create(1)
      let ranAfterKill = false
      let told = false
      await runtime.run('parent', async (parent) => {
        const victim = runtime.spawn(
          'victim',
          async (task) => {
            await task.sleep(MILLISECOND)
            ranAfterKill = true
          },
          () => {
            told = true
          },
        )
        victim.kill()
        victim.kill()
        expect(victim.state).toBe('killed')
        await parent.sleep(4 * MILLISECOND)
      })
      expect(ranAfterKill).toBe(false)
      expect(told).toBe(false)
    })

    test('a task that is killed between its answer and its next step reaches nothing any more', async () => {
      const runtime = create(1)
      let reached = false
      await runtime.run('parent', async (parent) => {
        let answer = (): void => {}
        const victim = runtime.spawn('victim', async (task) => {
          await task.wait<void>('the answer', (settle) => {
            answer = settle
          })
          await task.wait<void>('the next step', () => {
            reached = true
          })
        })
        await parent.sleep(MILLISECOND)
        answer()
        victim.kill()
        await parent.sleep(MILLISECOND)
      })
      expect(reached).toBe(false)
    })

    test('what a program throws rejects the run, also out of a spawned task', async () => {
      await expect(create(1).run('thrower', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
      const runtime = create(1)
      const run = runtime.run('parent', async (parent) => {
        runtime.spawn('child', async (task) => {
          await task.sleep(MICROSECOND)
          throw new Error('of a child')
        })
        await parent.sleep(50 * MILLISECOND)
      })
      await expect(run).rejects.toThrow('of a child')
    })

    test('draws are a function of seed, concern, index and lane alone', () => {
      const first = create(7).chance.stream('keys')
      const second = create(7).chance.stream('keys')
      expect(first.uniform(5)).toBe(second.uniform(5))
      expect(second.uniform(5)).toBe(first.uniform(5))
      expect(first.uniform(5)).not.toBe(first.uniform(6))
      expect(first.uniform(5)).not.toBe(first.uniform(5, 1))
      expect(first.uniform(5)).not.toBe(create(7).chance.stream('sizes').uniform(5))
      expect(first.uniform(5)).not.toBe(create(8).chance.stream('keys').uniform(5))
    })

    test('the wall clock is a plausible time of day in integer microseconds', () => {
      const micros = create(1).wall.nowMicros()
      expect(Number.isSafeInteger(micros)).toBe(true)
      expect(micros).toBeGreaterThan(Date.UTC(2025, 0, 1) * 1000)
    })
  })
}
