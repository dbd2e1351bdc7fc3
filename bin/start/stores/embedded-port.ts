import { hostsOf, isLoopback } from '../../../platform/config/addresses.ts';
import { ConfigError } from '../../../platform/config/config.ts';
import { redactUrl } from '../../../platform/config/redact-url.ts';

const DEFAULT_PORT = 2113;

/**
 * Returns the port of the embedded node for a URL of a single node on loopback. Returns undefined for any other URL: it names
 * an external server, to which the roles only connect.
 */
export function embeddedPortOf(url: string): number | undefined {
  const [host, ...more] = hostsOf(url);
  if (!url.startsWith('esdb://') || host === undefined || more.length > 0 || !isLoopback(host))
    return undefined;
  const [, port] = /^esdb:\/\/(?:[^/?#]*@)?[^:/?#]*(?::(\d+))?/.exec(url) ?? [];
  return port === undefined ? DEFAULT_PORT : Number(port);
}

/**
 * Returns why a client could not reach the embedded node under this URL. The node listens on loopback, without TLS, and on
 * the port of the URL.
 */
export function unreachableEmbedded(url: string): ConfigError[] {
  const refusal = (allowed: string) =>
    new ConfigError('EVENTSTORE_URL', JSON.stringify(redactUrl(url)), allowed);
  const port = embeddedPortOf(url);
  if (port === undefined) return [refusal('one loopback address, since the embedded event store is started')];
  if (port === 0 || port > 65_535)
    return [refusal('a port from 1 to 65535, since the roles connect to the event store at this port')];
  return /[?&]tls=false(&|$)/i.test(url)
    ? []
    : [
        refusal(
          '?tls=false at its end for the embedded event store, or named roles that connect to another one',
        ),
      ];
}

/** Returns the address that the embedded node of this URL listens on. */
export const embeddedHostOf = (url: string): string => {
  const [host = ''] = hostsOf(url);
  return embeddedPortOf(url) !== undefined && /^127\./.test(host) ? host : '127.0.0.1';
};
