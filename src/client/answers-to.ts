import type { Command } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'
import type { Client, Failure } from './client.ts'

/** What came of one command. */
export type Answer = { readonly reply: Reply } | { readonly failure: Failure }

/**
 * Sends a pipeline and gives an answer for each command, in their order. Waits for the whole of it, so that nothing is
 * under way when the caller goes on. For the few commands before and after a run, on real time.
 */
export function answersTo(client: Client, commands: readonly Command[]): Promise<readonly Answer[]> {
  if (commands.length === 0) return Promise.resolve([])
  return new Promise((resolve) => {
    const answers: Answer[] = new Array(commands.length)
    let missing = commands.length
    const settle = (token: number, answer: Answer) => {
      answers[token] = answer
      if (--missing === 0) resolve(answers)
    }
    const sink = {
      reply: (token: number, reply: Reply) => settle(token, { reply }),
      failed: (token: number, failure: Failure) => settle(token, { failure }),
    }
    for (const [token, command] of commands.entries()) client.submit(command, token, sink)
  })
}
