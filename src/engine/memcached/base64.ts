/**
 * Base64 as memcached's meta commands do it (base64.c): decoding skips bytes outside the alphabet, needs a
 * multiple of four of the others, and refuses more than two pad signs.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PAD = 0x3d
const OUTSIDE = 0x80

const sextets = new Uint8Array(256).fill(OUTSIDE)
for (let i = 0; i < ALPHABET.length; i++) sextets[ALPHABET.charCodeAt(i)] = i
sextets[PAD] = 0

/** Undefined where memcached says that the key can't be decoded (an empty result included). */
export function base64Decode(source: Uint8Array): Uint8Array | undefined {
  let count = 0
  for (const byte of source) if (sextets[byte] !== OUTSIDE) count++
  if (count === 0 || count % 4 !== 0) return undefined
  const out = new Uint8Array((count / 4) * 3)
  let length = 0
  let pads = 0
  let filled = 0
  let block = 0
  for (const byte of source) {
    const sextet = sextets[byte]!
    if (sextet === OUTSIDE) continue
    if (byte === PAD) pads++
    block = (block << 6) | sextet
    if (++filled < 4) continue
    out[length++] = block >> 16
    out[length++] = block >> 8
    out[length++] = block
    filled = 0
    block = 0
    if (pads > 2) return undefined
    if (pads > 0) {
      length -= pads
      break
    }
  }
  return length > 0 ? out.subarray(0, length) : undefined
}

export function base64Encode(source: Uint8Array): string {
  let text = ''
  for (let i = 0; i < source.length; i += 3) {
    const left = source.length - i
    const block = (source[i]! << 16) | ((source[i + 1] ?? 0) << 8) | (source[i + 2] ?? 0)
    text += ALPHABET[block >> 18]! + ALPHABET[(block >> 12) & 63]!
    text += (left > 1 ? ALPHABET[(block >> 6) & 63]! : '=') + (left > 2 ? ALPHABET[block & 63]! : '=')
  }
  return text
}
