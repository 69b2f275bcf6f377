/** The command answers later (or has answered itself): see `CommandContext.block`. */
export const BLOCKED: unique symbol = Symbol('blocked')
