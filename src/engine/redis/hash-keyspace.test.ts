import { HashKeyspace } from './hash-keyspace.ts'
import { keyspaceContract } from './keyspace.contract.ts'

keyspaceContract('hash table', () => new HashKeyspace(42))
// All keys of one hash bucket's worth of seeds: another seed lays everything out anew.
keyspaceContract('hash table, other seed', () => new HashKeyspace(-7), 2000)
