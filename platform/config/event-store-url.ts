import { readFileSync } from 'node:fs';
import { percentDecoded } from '../percent-encoding.ts';

/** The parts of a connection string: hosts, user and options. */
export type EventStoreAddress = Readonly<ReturnType<typeof parseEventStoreUrl>>;

const DEFAULT_PORT = 2113;

const positive = { pattern: /^[1-9]\d{0,8}$/, allowed: 'a whole number from 1 to 999999999' };
const boolean = { pattern: /^(true|false)$/, allowed: 'true or false' };
const file = { pattern: /^[\s\S]+$/, allowed: 'the path of a file' };
/** Supported options of the client and their allowed values. */
const OPTIONS = {
  tls: boolean,
  tlsCAFile: file,
  userCertFile: file,
  userKeyFile: file,
  throwOnAppendFailure: { pattern: /^true$/, allowed: 'true' },
  connectionName: { pattern: /^[\s\S]+$/, allowed: 'a name' },
  nodePreference: {
    pattern: /^(leader|follower|random|read[_-]?only[_-]?replica)$/i,
    allowed: 'leader, follower, random or readOnlyReplica',
  },
  maxDiscoverAttempts: positive,
  discoveryInterval: positive,
  gossipTimeout: positive,
  defaultDeadline: positive,
  keepAliveInterval: { pattern: /^(-1|\d{5,9})$/, allowed: 'a whole number from 10000, or -1' },
  keepAliveTimeout: { pattern: /^(-1|\d{1,9})$/, allowed: 'a whole number from 0, or -1' },
} as const;
type OptionName = keyof typeof OPTIONS;
/** Names of the supported options. */
export const eventStoreOptions = Object.keys(OPTIONS) as OptionName[];

/**
 * Parses a connection string of EventStoreDB. Throws `RangeError` for one that the client cannot parse or would
 * misread; the message says why and quotes no secret. The client's own errors would print the password.
 */
export function parseEventStoreUrl(url: string) {
  const parts = /^esdb(\+discover)?:\/\/([^?#]*)(\?[\s\S]*)?$/.exec(url);
  if (parts === null) throw new RangeError('it should begin with esdb:// or esdb+discover://');
  const [, discover, authority = '', query = ''] = parts;
  const at = authority.lastIndexOf('@');
  const hosts = authority
    .slice(at + 1)
    .replace(/\/$/, '')
    .split(',')
    .map(hostFrom);
  const options = optionsFrom(query.slice(1));
  return {
    /** True with several hosts or `esdb+discover`: clients find the nodes by gossip. */
    isCluster: discover !== undefined || hosts.length > 1,
    hosts,
    credentials: at < 0 ? undefined : credentialsFrom(authority.slice(0, at)),
    tls: options.get('tls') !== 'false',
    /** Options of the client, by the client's names. */
    options,
  };
}

/** Returns the connection string of an address, in a form that the client does not misread. */
export function formatEventStoreUrl({
  isCluster,
  hosts,
  credentials,
  options,
}: Omit<EventStoreAddress, 'tls'>): string {
  // With several hosts behind `esdb+discover`, the client would ask the first host only.
  const scheme = isCluster && hosts.length === 1 ? 'esdb+discover' : 'esdb';
  const who =
    credentials === undefined
      ? ''
      : `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}@`;
  const where = hosts.map(({ host, port }) => `${host}:${port}`).join(',');
  const how = [...options].map(([name, value]) => `${name}=${encoded(name, value)}`).join('&');
  return `${scheme}://${who}${where}${how === '' ? '' : `?${how}`}`;
}

/** The client percent-decodes only these options. */
const encoded = (name: OptionName, value: string): string =>
  name === 'connectionName' || OPTIONS[name] === file ? encodeURIComponent(value) : value;

function credentialsFrom(text: string) {
  const [, user, password] = /^([^\s:@/?#]+):([^\s:@/?#]+)$/.exec(text) ?? [];
  if (user === undefined || password === undefined)
    throw new RangeError(
      'the text before its @ should be user:password, with : @ / ? # % of either percent-encoded, such as %40 for @',
    );
  return { user: decode(user, 'the user'), password: decode(password, 'the password') };
}

function hostFrom(text: string) {
  const [, host, port] = /^([A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host === undefined)
    throw new RangeError('each of its hosts should be a name or an IPv4 address, and :port');
  if (Number(port) > 65_535) throw new RangeError(`its port ${port} is beyond 65535`);
  return { host: host.toLowerCase(), port: port === undefined ? DEFAULT_PORT : Number(port) };
}

function optionsFrom(query: string): ReadonlyMap<OptionName, string> {
  const options = new Map<OptionName, string>();
  for (const option of query === '' ? [] : query.split('&')) {
    const [, key = '', raw = ''] = /^([\w-]+)=([^\s?#]+)$/.exec(option) ?? [];
    if (key === '') throw new RangeError('its options should be ?name=value&name=value');
    const name = eventStoreOptions.find((one) => flat(one) === flat(key));
    if (name === undefined) throw new RangeError(notSupported(key));
    if (options.has(name)) throw new RangeError(`its option ${name} is given twice`);
    const value = encoded(name, '%') === '%' ? raw : decode(raw, `its option ${name}`);
    const { pattern, allowed } = OPTIONS[name];
    if (!pattern.test(value)) throw new RangeError(`its option ${name} should be ${allowed}`);
    if (OPTIONS[name] === file) mustBeReadable(name, value);
    options.set(name, value);
  }
  if (options.has('userCertFile') !== options.has('userKeyFile'))
    throw new RangeError('userCertFile and userKeyFile belong together');
  return options;
}

/** Like the client, takes `tls_ca_file` for `tlsCAFile`. */
const flat = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

const notSupported = (key: string): string =>
  flat(key) === flat('tlsVerifyCert')
    ? 'its option tlsVerifyCert is not supported by the client: name the CA of the server with tlsCAFile, or with NODE_EXTRA_CA_CERTS'
    : `its option ${key.slice(0, 40)} is not supported: there are ${eventStoreOptions.join(', ')}`;

function decode(text: string, what: string): string {
  const decoded = percentDecoded(text);
  if (decoded === undefined)
    throw new RangeError(`${what} has a % that begins no percent-encoded character: write %25`);
  return decoded;
}

function mustBeReadable(name: OptionName, path: string): void {
  try {
    readFileSync(path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new RangeError(`its option ${name} names a file that cannot be read, ${path} (${why})`);
  }
}
