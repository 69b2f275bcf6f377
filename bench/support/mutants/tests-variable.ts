/** Through which the tests' process is told which tests it has: their paths as JSON. */
export const TESTS_VARIABLE = 'CACHEPROOF_MUTANT_TESTS'
