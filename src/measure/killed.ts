/** The code of what was under way when its own application instance ended: unknown, and nobody else's fault. */
export const KILLED = 'killed'
