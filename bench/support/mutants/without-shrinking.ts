import fc from 'fast-check'

// That a property fails kills a mutant; by which shortest example it does is of interest to nobody, and takes seconds to find.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true })
