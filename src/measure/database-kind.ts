/** Databases a run can have behind its cache; a URL begins with its kind. The first is what a workload has unless told. */
export const DATABASE_KINDS = ['sqlite', 'postgres'] as const

export type DatabaseKind = (typeof DATABASE_KINDS)[number]
