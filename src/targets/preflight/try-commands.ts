import { answersTo } from '../../client/answers-to.ts'
import type { Client } from '../../client/client.ts'
import { TargetError } from '../../client/target-error.ts'
import type { Command, Word } from '../../protocol/command.ts'
import { ReplyError } from '../../protocol/reply.ts'
import type { Refusal } from './refusal.ts'
import { refusalKind } from './refusal-kind.ts'

export interface Tried {
  readonly refusals: readonly Refusal[]
  /** One at least was not refused for want of permission, so this user may touch keys like theirs. */
  readonly permitted: boolean
}

/**
 * Sends commands on keys of our own as one pipeline and gives those that were refused. Throws `TargetError` when one got
 * no answer and none was refused: a server may answer with an error and hang up.
 */
export async function tryCommands(client: Client, commands: readonly Command[], label: string): Promise<Tried> {
  const answers = await answersTo(client, commands)
  const refusals: Refusal[] = []
  let permitted = false
  let unanswered: TargetError | undefined
  for (const [index, answer] of answers.entries()) {
    const sent = commands[index]!
    const command = commandName(sent)
    if ('failure' in answer) {
      const { code, message } = answer.failure
      if (code === 'client') refusals.push({ command, sent, kind: 'client', text: message })
      else unanswered ??= new TargetError('TARGET_UNREACHABLE', `${label}: gave no answer to ${command} when it was tried out: ${message}`)
      continue
    }
    const text = answer.reply instanceof ReplyError ? answer.reply.text : undefined
    const kind = text === undefined ? undefined : refusalKind(text)
    if (kind !== undefined) refusals.push({ command, sent, kind, text: text! })
    if (kind !== 'command' && kind !== 'keys') permitted = true
  }
  if (unanswered !== undefined && refusals.length === 0) throw unanswered
  return { refusals, permitted }
}

/** As it is sent, without its arguments. */
export function commandName([name]: Command): string {
  return textOf(name ?? '')
}

function textOf(word: Word): string {
  return typeof word === 'string' ? word : Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')
}
