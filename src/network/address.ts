/** Where something listens: a host's name or IP address (IPv6 without brackets) and a TCP port, or the path of a unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string }

export function showAddress(address: Address): string {
  return 'path' in address ? address.path : hostPort(address.host, address.port)
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Throws a RangeError that names what is no address. */
export function checkAddress(address: Address, lowestPort = 1): void {
  const good = 'path' in address ? address.path !== '' : address.host !== '' && isPort(address.port, lowestPort)
  if (!good) throw new RangeError(`an address is a host and a port of ${lowestPort} to 65535, or a path, not ${JSON.stringify(address)}`)
}

function isPort(port: number, lowest: number): boolean {
  return Number.isInteger(port) && port >= lowest && port <= 65_535
}
