import type { Engine, EngineOptions } from '../../src/engine/engine.ts'
import type { Command } from '../../src/protocol/command.ts'
import type { Reply } from '../../src/protocol/reply.ts'
import type { Runtime } from '../../src/runtime/runtime.ts'
import type { Endpoint } from '../property.ts'

/**
 * A reference engine as one side of a comparison, driven in-process on the runtime's clocks. `pass` lets a test
 * put something between the engine and the comparison (a planted fault).
 */
export function engineEndpoint(
  runtime: Runtime,
  create: (options: EngineOptions) => Engine,
  protocol: 2 | 3,
  pass: (command: Command, reply: Reply) => Reply = (_command, reply) => reply,
): Endpoint {
  let replies: Reply[] = []
  const engine = create({
    sink: {
      reply: (_session, reply) => {
        replies.push(reply)
      },
      push: () => {},
      close: () => {},
    },
    wallMicros: () => runtime.wall.nowMicros(),
    chance: runtime.chance.stream('engine-endpoint'),
  })
  const session = 1
  engine.connect(session)
  if (protocol === 3) engine.feed(session, ['HELLO', '3'])
  replies = []
  return {
    name: `engine:${engine.profile.engine} ${engine.profile.version}`,
    protocol,
    execute(commands) {
      replies = []
      const answers: Reply[] = []
      for (const command of commands) {
        engine.advance(runtime.now())
        engine.feed(session, command)
        // A command that blocks or closes leaves no reply: the comparison must not shift.
        if (replies.length !== answers.length + 1) return Promise.reject(new Error(`the engine did not answer ${String(command[0])}`))
        answers.push(pass(command, replies.at(-1)!))
      }
      return Promise.resolve(answers)
    },
  }
}
