/**
 * Values that carry their own identity: key id, version and writer stand in a short readable header, padding up
 * to the size follows. The size is a pure function of (seed, key): a key's value never changes size.
 */
export interface ValueMaker {
  readonly description: string
  /** Bytes, header included. */
  size(keyId: number): number
  make(keyId: number, version: number, writer: number): Uint8Array
  /** What a value says of itself; undefined when it is none of ours or torn. */
  read(value: Uint8Array): ValueIdentity | undefined
}

export interface ValueIdentity {
  readonly keyId: number
  readonly version: number
  readonly writer: number
}
