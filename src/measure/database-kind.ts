/** Databases a run can have behind its cache; a URL begins with its kind. The first is what a workload has unless told. */
export const DATABASE_KINDS = ['sqlite', 'postgres'] as const

/** What was behind a cache: one of those, or the table that stands for one on virtual time. */
export const DESCRIBED_DATABASE_KINDS = [...DATABASE_KINDS, 'table'] as const

export type DatabaseKind = (typeof DATABASE_KINDS)[number]

export type DescribedDatabaseKind = (typeof DESCRIBED_DATABASE_KINDS)[number]
