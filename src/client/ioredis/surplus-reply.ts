import type { Redis } from 'ioredis'

/** What the library keeps to itself, and calls on itself (ioredis 6: `Redis.js`, `DataHandler.js`). */
interface Internals {
  commandQueue: { shift(): unknown }
  stream: { destroy(): unknown } | undefined
  resetCommandQueue(): void
  flushQueue(error: Error, options?: object): void
  recoverFromFatalError(commandError: Error, error: Error, options: object): void
}

/**
 * A reply that nobody asked for: whose the ones behind it are is not known any more, so the connection is given up, what
 * is under way on it is unknown, and the library connects again. Left alone it would report an error and read on, or, where
 * the reply is null, throw where nobody can catch it.
 */
export function dropOnSurplusReply(connection: Redis): void {
  const redis = connection as unknown as Internals
  let flushing = false
  const flushQueue = redis.flushQueue
  // It takes commands off the queue, too, until there is none.
  redis.flushQueue = (error, options) => {
    flushing = true
    try {
      flushQueue.call(redis, error, options)
    } finally {
      flushing = false
    }
  }
  const watch = () => {
    const queue = redis.commandQueue
    const shift = queue.shift
    let dropped = false
    const drop = () => {
      if (dropped) return
      dropped = true
      // The words by which the library marks what it could not understand, here and of its own.
      const error = new Error('an answer came that nobody asked for. Please report this.')
      redis.recoverFromFatalError(error, error, { offlineQueue: false })
      redis.stream?.destroy()
    }
    const nobodys = { command: { name: '', args: [], resolve: drop, reject: drop } }
    queue.shift = () => shift.call(queue) ?? (flushing ? undefined : nobodys)
  }
  const resetCommandQueue = redis.resetCommandQueue
  redis.resetCommandQueue = () => {
    resetCommandQueue.call(redis)
    watch()
  }
  watch()
}
