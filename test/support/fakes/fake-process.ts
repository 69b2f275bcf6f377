import { type ChildProcess, spawn } from 'node:child_process'
import { entryFile } from '../../../src/runtime/entry-file.ts'
import type { BehaviourSpec } from './behaviour-registry.ts'
import type { FakeCounts } from './fake-cache.ts'
import type { FakeOrder, FakeProgram, FakeWord } from './fake-main.ts'

/** A fake whose event loop is not that of whoever measures it. Gone with this process, also when that crashes. */
export class FakeProcess {
  readonly family: 'redis' | 'memcached'
  readonly port: number
  readonly #child: ChildProcess
  #asked = 0

  private constructor(family: FakeProcess['family'], port: number, child: ChildProcess) {
    this.family = family
    this.port = port
    this.#child = child
  }

  static async start(program: FakeProgram): Promise<FakeProcess> {
    const main = entryFile(import.meta.url, './fake-main.ts')
    const child = spawn(process.execPath, [main, JSON.stringify(program)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (word: FakeWord) => 'port' in word && resolve(word.port))
      child.once('exit', (code) => reject(new Error(`the fake ended at once, with code ${code}`)))
    })
    return new FakeProcess(program.family, port, child)
  }

  get url(): string {
    return `${this.family}://127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** From now on, or from the next command of load where it has a window of time. */
  add(spec: BehaviourSpec): void {
    this.#order({ add: spec })
  }

  counts(): Promise<FakeCounts> {
    const ask = ++this.#asked
    return new Promise((resolve) => {
      const hear = (word: FakeWord) => {
        if (!('counted' in word) || word.counted !== ask) return
        this.#child.off('message', hear)
        resolve(word.counts)
      }
      this.#child.on('message', hear)
      this.#order({ count: ask })
    })
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await gone
  }

  #order(order: FakeOrder): void {
    this.#child.send(order)
  }
}
