import { MILLISECOND, type Nanos, SECOND } from '../runtime/runtime.ts'

/** What the systems at both ends of a virtual connection are set to. */
export interface TcpSettings {
  /** How long a sender waits for an acknowledgement before it sends again; each time in vain doubles it. */
  readonly retransmitAfterNanos: Nanos
  readonly longestRetransmitNanos: Nanos
  /** A sender who has heard nothing for so long ends with ETIMEDOUT. */
  readonly giveUpAfterNanos: Nanos
  /** As `retransmitAfterNanos` and `giveUpAfterNanos`, while a connection is made. */
  readonly dialAgainAfterNanos: Nanos
  readonly dialGiveUpAfterNanos: Nanos
  /** Of several addresses of a name, the next one is tried after so long. */
  readonly nextAddressAfterNanos: Nanos
  /** Written and not acknowledged: beyond this it waits in the process. */
  readonly sendBufferBytes: number
  /** Arrived and not read: beyond this nothing more is let in. */
  readonly receiveBufferBytes: number
  /** Connected and not accepted, because the process stands still: who comes then is not answered. */
  readonly backlog: number
}

/**
 * Linux's and Node's defaults. TCP_RTO_MIN and TCP_RTO_MAX (include/net/tcp.h) are 200 ms and 120 s; `tcp_retries2` of 15
 * makes 924.6 s out of them, and `tcp_syn_retries` of 6 from a first second on (RFC 6298, 2.1) 127 s; `tcp_wmem` and
 * `tcp_rmem` let buffers grow to 4 and 6 MB (all in Documentation/networking/ip-sysctl.rst). Node listens with a backlog of
 * 511 and tries the next address after 250 ms (`autoSelectFamilyAttemptTimeout`).
 */
export const LINUX_TCP: TcpSettings = {
  retransmitAfterNanos: 200 * MILLISECOND,
  longestRetransmitNanos: 120 * SECOND,
  giveUpAfterNanos: 924_600 * MILLISECOND,
  dialAgainAfterNanos: SECOND,
  dialGiveUpAfterNanos: 127 * SECOND,
  nextAddressAfterNanos: 250 * MILLISECOND,
  sendBufferBytes: 4_194_304,
  receiveBufferBytes: 6_291_456,
  backlog: 511,
}
