import { isIP } from 'node:net';
import { percentDecoded } from '../percent-encoding.ts';
import { eventStoreOptions } from './event-store-url.ts';

const HIDDEN = '[hidden]';

/** Options of connection strings whose values are not secret. */
const SHOWN_OPTIONS = new Set(
  [
    ...eventStoreOptions,
    'tlsVerifyCert',
    ...['ssl', 'replicaSet', 'authSource', 'readPreference', 'readConcernLevel', 'w', 'wtimeoutMS'],
    ...['retryReads', 'retryWrites', 'directConnection', 'loadBalanced', 'appName'],
  ].map((name) => name.toLowerCase()),
);

/**
 * Returns a connection string, also a malformed one, without all that may be a password: the text before an `@`, a port
 * that is not a number, and the values of unknown options.
 */
export function redactUrl(url: string): string {
  if (url.startsWith('sqlite:') && !url.includes('@')) return url;
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?([\s\S]*)$/i.exec(url) ?? [];
  const credentials = rest.slice(0, rest.lastIndexOf('@') + 1);
  const [, hosts = '', path = '', query = '', fragment = ''] =
    /^([^/?#]*)([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(rest.slice(credentials.length)) ?? [];
  return [
    scheme,
    credentials === '' ? '' : `${HIDDEN}@`,
    hosts.split(',').map(shownHost).join(','),
    /^[/\w.-]*$/.test(path) ? path : `/${HIDDEN}`,
    query === '' ? '' : `?${query.slice(1).split('&').map(shownOption).join('&')}`,
    fragment === '' ? '' : `#${HIDDEN}`,
  ].join('');
}

/** In `admin:changeit` without a host, the second part is a password; in an address it is a mistyped port. */
function shownHost(text: string): string {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::([\s\S]*))?$/.exec(text) ?? [];
  if (
    port === undefined ||
    /^\d*$/.test(port) ||
    host === 'localhost' ||
    isIP(host.replace(/[[\]]/g, '')) > 0
  )
    return text;
  return HIDDEN;
}

function shownOption(text: string): string {
  const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(text) ?? [];
  if (value === undefined || !/^[\w-]+$/.test(name)) return text === '' ? '' : HIDDEN;
  const isKnown = SHOWN_OPTIONS.has(name.replace(/[_-]/g, '').toLowerCase());
  return isKnown && /^[\w.,:/%+-]*$/.test(value) ? text : `${name}=${HIDDEN}`;
}

/** Removes the secrets of a connection string from a text, as written there and decoded. */
export function redactSecretsOf(url: string, text: string): string {
  const [, credentials = '', rest = ''] = /^[^:]*:\/\/(?:([\s\S]*)@)?([\s\S]*)$/.exec(url) ?? [];
  const [, hosts = '', query = ''] = /^([^/?#]*)[^?]*\??([\s\S]*)$/.exec(rest) ?? [];
  const hidden = [
    ...hosts.split(',').filter((host) => shownHost(host) !== host),
    ...query.split('&').filter((option) => shownOption(option) !== option),
  ].map((part) => part.slice(part.search(/[:=]/) + 1));
  return [credentials, credentials.slice(credentials.indexOf(':') + 1), ...hidden]
    .flatMap((secret) => [secret, percentDecoded(secret) ?? secret])
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text.replaceAll(url, redactUrl(url)));
}
