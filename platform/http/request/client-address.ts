import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

/** Returns the IP address of the client of a request. */
export type ClientAddress = (req: IncomingMessage) => string;

interface ClientAddressOptions {
  /** Addresses and networks in CIDR notation whose `X-Forwarded-For` counts. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Returns whether the sender of these headers is trusted by its key: the gateway. */
  readonly isTrusted?: (headers: IncomingHttpHeaders) => boolean;
}

/**
 * Creates the reader of client addresses: the sender of the request, or, if that is a trusted proxy, the last address in
 * `X-Forwarded-For` that is not one. What a client writes into the header never counts.
 */
export function createClientAddress({
  trustedProxies = [],
  isTrusted = () => false,
}: ClientAddressOptions): ClientAddress {
  const isListed = proxyAddr.compile([...trustedProxies]);
  return (req) => {
    const trusts = (address: string, hop: number) =>
      isListed(address, hop) || (hop === 0 && isTrusted(req.headers));
    return withoutMapping(proxyAddr(req, trusts));
  };
}

/** An IPv4 address, as a socket for IPv6 shows it. */
const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
