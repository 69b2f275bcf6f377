import type { Command } from '../../protocol/command.ts'
import type { ReplyError } from '../../protocol/reply.ts'
import { TargetError } from '../target-error.ts'

/**
 * The error for a connect that the server turned down, with the server's own words. An unknown command's error
 * quotes its arguments, and those of AUTH are secrets: whatever stands in the handshake is taken out of the text,
 * except the names of the commands.
 */
export function handshakeFailure(address: string, reply: ReplyError, handshake: readonly Command[]): TargetError {
  let text = reply.text
  for (const command of handshake) {
    for (const word of command.slice(1)) {
      const secret = typeof word === 'string' ? word : Buffer.from(word).toString('latin1')
      if (secret.length > 0 && !HARMLESS.test(secret)) text = text.replaceAll(secret, '***')
    }
  }
  const code = /^(?:NOAUTH|WRONGPASS|NOPERM)|\bAUTH\b|password/i.test(reply.text) ? 'TARGET_AUTH' : 'TARGET_UNUSABLE'
  const hint = code === 'TARGET_AUTH' ? 'check the user and password of the target' : ''
  return new TargetError(code, `${address} refused the connection: ${text}`, hint)
}

/** Words of handshakes that are no secrets and may be needed to understand the error. */
const HARMLESS = /^(?:\d{1,2}|AUTH|SETNAME|SETINFO|LIB-NAME|LIB-VER)$/i
