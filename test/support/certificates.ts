import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerTls } from '../../src/targets/local/server-arguments.ts'

export interface TestCertificates {
  /** The server's pair (for localhost and 127.0.0.1) and the authority that signed it. */
  readonly server: ServerTls
  readonly client: { readonly certFile: string; readonly keyFile: string }
  /** An authority that signed nothing here: what a client that trusts the wrong one has. */
  readonly otherCaFile: string
}

/** Makes a throw-away authority and certificates signed by it, good for one day, with the openssl of this machine. */
export function makeTestCertificates(folder: string): TestCertificates {
  const ca = authority(folder, 'ca')
  const other = authority(folder, 'other-ca')
  const server = signed(folder, 'server', ca, 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  const client = signed(folder, 'client', ca, 'subjectAltName=DNS:client')
  return { server: { ...server, caFile: ca.certFile }, client, otherCaFile: other.certFile }
}

interface Pair {
  readonly certFile: string
  readonly keyFile: string
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

function authority(folder: string, name: string): Pair {
  const pair = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) }
  openssl('req', '-x509', ...NEW_KEY, '-keyout', pair.keyFile, '-out', pair.certFile, '-days', '1', '-subj', `/CN=cacheproof test ${name}`)
  return pair
}

function signed(folder: string, name: string, ca: Pair, extension: string): Pair {
  const pair = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) }
  const request = join(folder, `${name}.csr`)
  const extensions = join(folder, `${name}.ext`)
  writeFileSync(extensions, `${extension}\n`)
  openssl('req', '-new', ...NEW_KEY, '-keyout', pair.keyFile, '-out', request, '-subj', `/CN=${name}`)
  const signedBy = ['-CA', ca.certFile, '-CAkey', ca.keyFile, '-CAcreateserial']
  openssl('x509', '-req', '-in', request, ...signedBy, '-out', pair.certFile, '-days', '1', '-extfile', extensions)
  return pair
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
