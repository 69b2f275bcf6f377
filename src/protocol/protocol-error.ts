/**
 * What came over the wire can't be understood, and framing is lost: the connection must end. Thrown by reply
 * decoders and turned into a value by the clients. The message may quote bytes from outside.
 */
export class ProtocolError extends Error {
  readonly code = 'PROTOCOL'
  constructor(message: string) {
    super(message)
    this.name = 'ProtocolError'
  }
}

/** A byte as people read it: 'a', or 0x07. */
export function showByte(byte: number): string {
  return byte > 32 && byte < 127 ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16).padStart(2, '0')}`
}
