/** A seeded multiply-xor hash over the characters of a latin1 string; the finisher is murmur3's. */
export function hashText(text: string, seed: number): number {
  let h = seed ^ text.length
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) ^ (h >>> 15)
  return finish(h)
}

/** The same of bytes: what `hashText` says of their latin1 string. */
export function hashBytes(bytes: Uint8Array, seed: number): number {
  let h = seed ^ bytes.length
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193) ^ (h >>> 15)
  return finish(h)
}

function finish(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
