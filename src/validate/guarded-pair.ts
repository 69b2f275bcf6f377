import type { Endpoint } from '../../properties/property.ts'
import type { Command } from '../protocol/command.ts'
import { type Reply, ReplyError } from '../protocol/reply.ts'
import { refusalKind, withoutPassedOn } from '../targets/preflight/refusal-kind.ts'
import type { CommandJudge } from './command-rules.ts'
import type { KeyLedger } from './key-ledger.ts'

/** What the endpoint was found to refuse, by the command's name, with its words. Kept from one attempt to the next. */
export type Refusals = Map<string, string>

export interface GuardOptions {
  readonly reference: Endpoint
  readonly subject: Endpoint
  readonly judge: CommandJudge
  readonly ledger: KeyLedger
  readonly refusals: Refusals
  /** Commands that were left out for a reason worth telling; is added to. */
  readonly leftOut: Map<string, string>
  readonly signal: AbortSignal | undefined
}

/** Both sides of a comparison, behind one guard. */
export interface GuardedPair {
  readonly reference: Endpoint
  readonly subject: Endpoint
  /** Commands that were sent to the subject. */
  readonly sent: () => number
  /** A refusal was met that was not known before: what was compared is void, and to be done again without the command. */
  readonly metRefusal: () => boolean
  /** Why the subject gave no answer the last time that it was asked; undefined where it did. */
  readonly trouble: () => unknown
}

/**
 * Lets through what the rules allow and what the endpoint is not known to refuse; everything else is answered with
 * nil on both sides, so that neither shows a difference. An answer that says that a command is forbidden to us, or
 * isn't there, or that the endpoint can't serve anybody now, is no evidence about the engine: it ends the
 * comparison that is under way.
 */
export function guardedPair(options: GuardOptions): GuardedPair {
  const { judge, ledger, refusals, leftOut } = options
  let sent = 0
  let met = false
  let trouble: unknown
  const lets = (command: Command): boolean => {
    const { name, refused } = judge(command)
    if (refused?.reason !== undefined) leftOut.set(name, refused.reason)
    if (name === 'MULTI' && ENDS_OF_MULTI.every((end) => refusals.has(end))) {
      leftOut.set(name, 'what it begins could not be ended: neither EXEC nor DISCARD may be sent')
      return false
    }
    return refused === undefined && !refusals.has(name)
  }
  const subject: Endpoint = {
    ...options.subject,
    async execute(commands) {
      // Only here, before anything of a sequence is on its way, is there nothing to clean up.
      if (options.signal?.aborted) throw new Error('interrupted')
      const passes = commands.map(lets)
      const passed = commands.filter((_command, i) => passes[i])
      for (const command of passed) ledger.note(command, judge(command).keys)
      sent += passed.length
      const replies = await execute(options.subject, passed).catch((error: unknown) => {
        trouble = error
        throw error
      })
      trouble = undefined
      for (let i = 0; i < passed.length; i++) {
        const problem = refusalIn(replies[i]!, passed[i]!, judge)
        if (problem === undefined) continue
        if (problem.name !== undefined) {
          refusals.set(problem.name, problem.text)
          met = true
        }
        throw new Error(problem.text)
      }
      return spread(passes, replies)
    },
  }
  const reference: Endpoint = {
    ...options.reference,
    async execute(commands) {
      const passes = commands.map(lets)
      return spread(
        passes,
        await execute(
          options.reference,
          commands.filter((_command, i) => passes[i]),
        ),
      )
    },
  }
  return { reference, subject, sent: () => sent, metRefusal: () => met, trouble: () => trouble }
}

/** Without either, everything behind a MULTI would be queued, and nothing compared any more. */
const ENDS_OF_MULTI = ['EXEC', 'DISCARD']

/** An endpoint that is sent nothing says nothing. */
function execute(endpoint: Endpoint, commands: readonly Command[]): Promise<readonly Reply[]> {
  return commands.length === 0 ? Promise.resolve([]) : endpoint.execute(commands)
}

function spread(passes: readonly boolean[], replies: readonly Reply[]): Reply[] {
  let next = 0
  return passes.map((passed) => (passed ? replies[next++]! : null))
}

/** `name` where it is this command that is refused, rather than all service. */
function refusalIn(reply: Reply, command: Command, judge: CommandJudge): { readonly name?: string; readonly text: string } | undefined {
  const text = errorText(reply)
  if (text === undefined) return undefined
  const kind = refusalKind(text)
  const said = withoutPassedOn(text)
  if (kind === 'state' || kind === 'memory') return { text: `the endpoint can't serve this now: ${said}` }
  const { name, known } = judge(command)
  if (kind === 'command' || kind === 'keys') return { name, text: said }
  return known && kind === 'unknown' ? { name, text: said } : undefined
}

/** Memcached's answers come as they are, line ends and all. */
function errorText(reply: Reply): string | undefined {
  if (reply instanceof ReplyError) return reply.text
  // Permissions that changed after a command was queued are told of in the answer to EXEC.
  if (Array.isArray(reply)) return (reply as readonly Reply[]).map(errorText).find((text) => text?.startsWith('NOPERM'))
  if (!(reply instanceof Uint8Array) || reply.length > MAX_ERROR_BYTES) return undefined
  const text = Buffer.from(reply).toString('latin1')
  return text.startsWith('SERVER_ERROR') ? text.trimEnd() : undefined
}

const MAX_ERROR_BYTES = 200
