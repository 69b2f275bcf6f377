/** What is said of an endpoint that another process of ours has checked and described. */
export const UNDESCRIBED = { engine: 'unknown', version: 'unknown', topology: 'unknown', settings: {} } as const
