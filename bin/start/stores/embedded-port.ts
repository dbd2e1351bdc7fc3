import { isLoopback } from '../../../platform/config/addresses.ts';
import { ConfigError } from '../../../platform/config/config-error.ts';
import { parseEventStoreUrl } from '../../../platform/config/event-store-url.ts';
import { redactUrl } from '../../../platform/config/redact-url.ts';

/**
 * Returns the port of the embedded node for a URL of a single node on loopback. Returns undefined for any other URL: it names
 * an external server, to which the roles only connect.
 */
export const embeddedPortOf = (url: string): number | undefined => embeddedAddressOf(url)?.port;

function embeddedAddressOf(url: string) {
  const { isCluster, hosts } = parseEventStoreUrl(url);
  return isCluster ? undefined : hosts.find(({ host }) => isLoopback(host));
}

/** Returns the address that the embedded node of this URL listens on. */
export const embeddedHostOf = (url: string): string => {
  const { host = '' } = embeddedAddressOf(url) ?? {};
  return /^127\./.test(host) ? host : '127.0.0.1';
};

/**
 * Returns why a client could not reach the embedded node under this URL. The node listens on loopback, without TLS, and on
 * the port of the URL.
 */
export function unreachableEmbedded(url: string): ConfigError[] {
  const error = (allowed: string) => [
    new ConfigError('EVENTSTORE_URL', JSON.stringify(redactUrl(url)), allowed),
  ];
  const port = embeddedPortOf(url);
  if (port === undefined) return error('one loopback address, since the embedded event store is started');
  if (port === 0)
    return error('a port from 1 to 65535, since the roles connect to the event store at this port');
  if (parseEventStoreUrl(url).tls)
    return error(
      '?tls=false at its end for the embedded event store, or named roles that connect to another one',
    );
  return [];
}
