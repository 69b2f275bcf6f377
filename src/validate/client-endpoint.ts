import type { Endpoint } from '../../properties/property.ts'
import { answersTo } from '../client/answers-to.ts'
import type { Client } from '../client/client.ts'
import type { Command } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'

/** A client of a target as one side of a comparison: a pipeline, and its replies in the commands' order. Rejects when one gets no answer. */
export function clientEndpoint(client: Client, name: string, protocol: 2 | 3): Endpoint {
  return { name, protocol, execute: (commands) => exchange(client, commands) }
}

/** Sends a pipeline; rejects with what went wrong, its code with it, when a command gets no answer. */
export async function exchange(client: Client, commands: readonly Command[]): Promise<readonly Reply[]> {
  const answers = await answersTo(client, commands)
  return answers.map((answer) => {
    if ('failure' in answer) throw Object.assign(new Error(answer.failure.message), { code: answer.failure.code })
    return answer.reply
  })
}
