import type { Endpoint } from '../../properties/property.ts'
import type { Command } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'
import type { Client } from '../target/client.ts'

/** A client of a target as one side of a comparison: a pipeline, and its replies in the commands' order. Rejects when one gets no answer. */
export function clientEndpoint(client: Client, name: string, protocol: 2 | 3): Endpoint {
  return { name, protocol, execute: (commands) => exchange(client, commands) }
}

/** Sends a pipeline; rejects with what went wrong when a command gets no answer. */
export function exchange(client: Client, commands: readonly Command[]): Promise<readonly Reply[]> {
  if (commands.length === 0) return Promise.resolve([])
  return new Promise((resolve, reject) => {
    const replies: Reply[] = new Array(commands.length).fill(null)
    let missing = commands.length
    let problem: string | undefined
    // The whole pipeline is waited for, so that nothing of it is under way when the caller goes on.
    const settle = () => {
      if (--missing > 0) return
      if (problem === undefined) resolve(replies)
      else reject(new Error(problem))
    }
    const sink = {
      reply(token: number, reply: Reply) {
        replies[token] = reply
        settle()
      },
      failed(_token: number, failure: { readonly message: string }) {
        problem ??= failure.message
        settle()
      },
    }
    commands.forEach((command, token) => {
      client.submit(command, token, sink)
    })
  })
}
