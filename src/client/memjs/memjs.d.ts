/** The part of memjs 1.3 that we use; the library has no types of its own. */
declare module 'memjs' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:net'

  interface MemjsOptions {
    /** Attempts per command, not extra ones; 0 counts as 1. */
    retries?: number
    /** Seconds. */
    retry_delay?: number
    expires?: number
    logger?: { log(...messages: unknown[]): void }
    /** Seconds without an answer after which every command of the server fails. */
    timeout?: number
    /** Seconds. */
    conntimeout?: number
  }

  interface MemjsServer extends EventEmitter {
    readonly host: string
    readonly port: number
    readonly connected: boolean
    readonly _socket?: Socket
    /** Calls `go` when the connection stands; makes it if need be. `sasl`: also while it logs in. */
    sock(sasl: boolean, go: () => void): void
    /** What came and makes no whole answer yet. */
    responseBuffer: Buffer
    /** Called with each piece of input. */
    responseHandler(chunk: Buffer): void
    /** Ends the connection and fails every command under way on it. */
    error(error: Error): void
  }

  interface MemjsResponse {
    readonly header: { readonly totalBodyLength: number }
  }

  type PerformCallback = (error: Error | null, response: MemjsResponse | null) => void

  interface MemjsKeyOptions {
    expires?: number
    initial?: number
  }

  class MemjsClient {
    readonly servers: readonly MemjsServer[]
    readonly seq: number
    get(key: string): Promise<{ value: Buffer | null; flags: Buffer | null }>
    set(key: string, value: Buffer, options: MemjsKeyOptions): Promise<boolean>
    add(key: string, value: Buffer, options: MemjsKeyOptions): Promise<boolean>
    replace(key: string, value: Buffer, options: MemjsKeyOptions): Promise<boolean>
    append(key: string, value: Buffer): Promise<boolean>
    delete(key: string): Promise<boolean>
    increment(key: string, amount: number, options: MemjsKeyOptions): Promise<{ success: boolean; value: number }>
    decrement(key: string, amount: number, options: MemjsKeyOptions): Promise<{ success: boolean; value: number }>
    touch(key: string, expires: number): Promise<boolean>
    /** Called by all of the above, and again for each retry. */
    perform(key: string, request: Buffer, seq: number, callback: PerformCallback, retries?: number): void
    /** The server for a key; null when all have failed of late. */
    server(key: string): MemjsServer | null
    close(): void
  }

  export const Client: {
    create(servers: string, options: MemjsOptions): MemjsClient
  }
  export type { MemjsClient, MemjsOptions, MemjsResponse, MemjsServer, PerformCallback }
}
