import type { Engine, EngineOptions, SessionId } from '../../src/engine/engine.ts'
import type { Command } from '../../src/protocol/command.ts'
import type { Reply } from '../../src/protocol/reply.ts'

export interface Plant {
  /** What is carried out instead of what was asked for; words are text, one character a byte. */
  command?(words: readonly string[]): readonly string[]
  /** What is answered instead. */
  reply?(words: readonly string[], reply: Reply): Reply
}

/** A reference engine with a difference planted into it, for whoever must find that. */
export function plantedEngine(create: (options: EngineOptions) => Engine, plant: Plant): (options: EngineOptions) => Engine {
  return (options) => {
    let asked: readonly string[] = []
    const engine = create({
      ...options,
      sink: {
        reply: (session, reply) => options.sink.reply(session, plant.reply ? plant.reply(asked, reply) : reply),
        push: (session, reply) => options.sink.push(session, reply),
        close: (session) => options.sink.close(session),
      },
    })
    return {
      profile: engine.profile,
      connect: (session) => engine.connect(session),
      feed(session: SessionId, command: Command) {
        asked = command.map((word) => Buffer.from(word).toString('latin1'))
        const instead = plant.command?.(asked)
        engine.feed(session, instead === undefined || instead === asked ? command : instead.map((word) => Buffer.from(word, 'latin1')))
      },
      ...(engine.feedError ? { feedError: (session: SessionId, text: string) => engine.feedError!(session, text) } : {}),
      advance: (now) => engine.advance(now),
      nextDeadline: () => engine.nextDeadline(),
      disconnect: (session) => engine.disconnect(session),
      protocolVersion: (session) => engine.protocolVersion(session),
      restart: () => engine.restart(),
    }
  }
}
