import { DoubleReply } from '../../protocol/reply.ts'
import type { CommandContext } from './command-context.ts'
import { formatDouble } from './numbers/format-double.ts'

export function scoreReply(context: CommandContext, score: number): DoubleReply {
  return new DoubleReply(formatDouble(score, context.profile.floats))
}
