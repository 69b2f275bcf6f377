import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DESCRIBED_DATABASE_KINDS } from '../measure/database-kind.ts'
import type { Runtime, Task } from '../runtime/runtime.ts'
import type { Database, DatabaseResult, Row } from './database.ts'

/** What a suite runs against: a fresh database and the runtime it lives on. */
export interface DatabaseSubject {
  readonly runtime: Runtime
  readonly database: Database
  /** Ends the runtime, removes files. */
  cleanUp?(): void | Promise<void>
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (row: Row | null | undefined): string => new TextDecoder().decode(row?.value)
const named = (name: string) => (version: number) => bytes(`${name} v${version}`)

/** The conformance suite of every Database. */
export function databaseContract(name: string, open: () => Promise<DatabaseSubject>): void {
  describe(`database contract: ${name}`, () => {
    let subject: DatabaseSubject
    let database: Database

    beforeEach(async () => {
      subject = await open()
      database = subject.database
      await database.load(['a', 'b', "it's", 'ключ 🔑'].map((key) => ({ key, value: bytes(`${key} v1`) })))
    })

    afterEach(async () => {
      await database.close()
      await subject.cleanUp?.()
    })

    const program = (body: (task: Task) => Promise<void>): Promise<void> => subject.runtime.run('program', body)
    const read = (task: Task, key: string): Promise<Row | null> =>
      task.wait<DatabaseResult<Row | null>>('read', (settle) => database.read(key, settle)).then(value)
    const write = (task: Task, key: string, writer: number, make = named(key)): Promise<DatabaseResult<Row>> =>
      task.wait<DatabaseResult<Row>>('write', (settle) => database.write(key, writer, make, settle))

    test('describes itself without secrets', () => {
      const { label, kind, url, version, serviceModel } = database.description
      expect(label).toContain(version)
      expect(DESCRIBED_DATABASE_KINDS).toContain(kind)
      expect(url).not.toContain('@')
      expect(version).toMatch(kind === 'table' ? /^$/ : /^\d+\.\d+/)
      expect(serviceModel.length).toBeGreaterThan(3)
    })

    test('holds what was loaded at version 1, and nothing else', () =>
      program(async (task) => {
        for (const key of ['a', "it's", 'ключ 🔑']) {
          const row = await read(task, key)
          expect(row).toMatchObject({ key, version: 1, writer: 0 })
          expect(text(row)).toBe(`${key} v1`)
        }
        expect(await read(task, 'absent')).toBeNull()
      }))

    test('a write adds one to the version, and the value is made from it', () =>
      program(async (task) => {
        const written = await write(task, 'a', 7)
        expect(written).toMatchObject({ status: 'ok', value: { key: 'a', version: 2, writer: 7 } })
        const row = await read(task, 'a')
        expect(row).toMatchObject({ version: 2, writer: 7 })
        expect(text(row)).toBe('a v2')
        expect(await read(task, 'b')).toMatchObject({ version: 1 })
      }))

    test('a write makes a row that was not there, at version 1', () =>
      program(async (task) => {
        expect(await write(task, 'new', 3)).toMatchObject({ status: 'ok', value: { version: 1, writer: 3 } })
        expect(text(await read(task, 'new'))).toBe('new v1')
      }))

    test('writers of one row at once get versions of their own, none left out', () =>
      program(async (task) => {
        const writers = 40
        const versions: number[] = []
        await task.wait<void>('all writes', (settle) => {
          for (let writer = 1; writer <= writers; writer++) {
            database.write(
              'a',
              writer,
              (version) => bytes(`${writer}/${version}`),
              (result) => {
                versions.push(value(result).version)
                if (versions.length === writers) settle()
              },
            )
          }
        })
        expect(versions.toSorted((left, right) => left - right)).toEqual(Array.from({ length: writers }, (_, index) => index + 2))
        const row = await read(task, 'a')
        expect(row?.version).toBe(writers + 1)
        expect(text(row)).toBe(`${row?.writer}/${row?.version}`)
      }))

    test('what a read gives belongs together, however many write', () =>
      program(async (task) => {
        const rounds = 30
        let open = rounds * 2
        await task.wait<void>('reads between writes', (settle) => {
          const one = (): void => {
            if (--open === 0) settle()
          }
          for (let round = 1; round <= rounds; round++) {
            database.write('b', round, (version) => bytes(`${round}/${version}`), one)
            database.read('b', (result) => {
              const row = value(result)
              expect(text(row)).toBe(row?.version === 1 ? 'b v1' : `${row?.writer}/${row?.version}`)
              one()
            })
          }
        })
      }))

    test('answers once, and never before the call has returned', () =>
      program(async (task) => {
        let answers = 0
        await task.wait<void>('answers', (settle) => {
          let returned = false
          const answered = (): void => {
            expect(returned).toBe(true)
            if (++answers === 3) settle()
          }
          database.read('a', answered)
          database.read('absent', answered)
          database.write('a', 1, named('a'), answered)
          returned = true
        })
        await task.sleep(1_000_000)
        expect(answers).toBe(3)
      }))

    test('keeps every byte, none, and many', () =>
      program(async (task) => {
        for (const value of [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, index) => index), new Uint8Array(300_000).fill(0x5c)]) {
          await write(task, 'a', 1, () => value)
          const row = await read(task, 'a')
          expect(Buffer.from(row!.value).equals(value)).toBe(true)
        }
      }))

    test('a value that can not be made fails the write and leaves the row as it was', () =>
      program(async (task) => {
        const failed = await write(task, 'a', 9, () => {
          throw new Error('no value today')
        })
        expect(failed).toMatchObject({ status: 'fail', failure: { status: 'fail', message: 'no value today' } })
        expect(await read(task, 'a')).toMatchObject({ version: 1, writer: 0 })
        expect(await write(task, 'a', 1)).toMatchObject({ status: 'ok', value: { version: 2 } })
      }))

    test('loading again replaces what was there', async () => {
      await database.load([{ key: 'z', value: bytes('z') }])
      await program(async (task) => {
        expect(await read(task, 'a')).toBeNull()
        expect(await read(task, 'z')).toMatchObject({ version: 1 })
        expect(await write(task, 'z', 1)).toMatchObject({ status: 'ok', value: { version: 2 } })
      })
    })

    test('takes more rows than one batch', async () => {
      await database.load(
        (function* () {
          for (let index = 0; index < 5_000; index++) yield { key: `row ${index}`, value: bytes(`value ${index}`) }
        })(),
      )
      await program(async (task) => {
        expect(text(await read(task, 'row 0'))).toBe('value 0')
        expect(text(await read(task, 'row 4999'))).toBe('value 4999')
        expect(await read(task, 'row 5000')).toBeNull()
      })
    })

    test('refuses calls once it is closed, and may be closed again', async () => {
      await database.close()
      await database.close()
      await program(async (task) => {
        expect(await task.wait<DatabaseResult<Row | null>>('read', (settle) => database.read('a', settle))).toMatchObject({
          status: 'fail',
          failure: { code: 'not-sent' },
        })
        expect(await write(task, 'a', 1)).toMatchObject({ status: 'fail', failure: { code: 'not-sent' } })
      })
    })
  })
}

function value<T>(result: DatabaseResult<T>): T {
  if (result.status !== 'ok') throw new Error(`${result.status}: ${result.failure.code}: ${result.failure.message}`)
  return result.value
}
