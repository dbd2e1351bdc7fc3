/** Returns the host names in a connection string, which may list several: `esdb://admin:x@a:2113,b:2113?tls=false` → a, b. */
export function hostsOf(url: string): readonly string[] {
  const [, authority = ''] = /^[a-z][a-z0-9+]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  const addresses = authority.slice(authority.lastIndexOf('@') + 1);
  return addresses
    .split(',')
    .filter((address) => address !== '')
    .map((address) => (/^\[([^\]]*)\]/.exec(address)?.[1] ?? address.replace(/:\d+$/, '')).toLowerCase());
}

/** Returns whether only this machine can connect to the host. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Returns a URL such as `http://127.0.0.1:3001`, with brackets around an IPv6 address. */
export const httpUrl = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
