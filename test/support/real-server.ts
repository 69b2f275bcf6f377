import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freezeProcess } from './freeze-process.ts'

/** A real redis-server or memcached on a loopback port of its own, without persistence, for the length of a test. */
export class RealServer {
  readonly port: number
  readonly #program: 'redis-server' | 'valkey-server' | 'memcached'
  readonly #folder = mkdtempSync(join(tmpdir(), 'cacheproof-test-'))
  #child: ChildProcess | undefined

  private constructor(program: RealServer['program'], port: number) {
    this.#program = program
    this.port = port
  }

  get program(): 'redis-server' | 'valkey-server' | 'memcached' {
    return this.#program
  }

  static async start(program: RealServer['program']): Promise<RealServer> {
    const server = new RealServer(program, await freePort())
    await server.restart()
    return server
  }

  async restart(): Promise<void> {
    const port = String(this.port)
    const args =
      this.#program === 'memcached'
        ? ['-l', '127.0.0.1', '-p', port, '-U', '0', '-u', 'nobody', '-m', '64']
        : ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.#folder]
    const child = spawn(this.#program, args, { stdio: 'ignore' })
    this.#child = child
    for (let attempt = 0; ; attempt++) {
      if (child.exitCode !== null || attempt > 500) throw new Error(`${this.#program} did not start on port ${port}`)
      if (await accepts(this.port)) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  freeze(): void {
    const pid = this.#child?.pid
    if (pid !== undefined) freezeProcess(pid)
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  async close(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
