import { hostsOf, isLoopback } from '../platform/addresses.ts';

const DEFAULT_PORT = 2113;

/**
 * The port of the embedded node that serves this URL: a single node on loopback, without TLS. Undefined for any other, which
 * is somebody else's server and only connected to.
 */
export function embeddedPortOf(url: string): number | undefined {
  const [host, ...more] = hostsOf(url);
  if (!url.startsWith('esdb://') || host === undefined || more.length > 0 || !isLoopback(host))
    return undefined;
  const [, port] = /^esdb:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/.exec(url) ?? [];
  return port === undefined ? DEFAULT_PORT : Number(port);
}
