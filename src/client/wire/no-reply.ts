import { SimpleString } from '../../protocol/reply.ts'

/** What our clients answer to a memcached command sent with `noreply`: it has been handed over, and that is all one will know. */
export const NO_REPLY = new SimpleString('')
