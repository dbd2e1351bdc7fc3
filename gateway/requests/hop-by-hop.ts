/** Fields that are about one connection and never go further (RFC 9110, 7.6.1), and those of proxy authentication. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Fields that every message needs end to end: a sender cannot have a proxy remove them. */
const NEVER_NAMED: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
]);

/**
 * Returns the names of the fields that must not be forwarded with a message, from its `Connection` field, which may name
 * further ones.
 */
export function hopByHop(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined) return HOP_BY_HOP;
  const named = connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => !HOP_BY_HOP.has(name) && !NEVER_NAMED.has(name) && name !== 'close');
  return named.length === 0 ? HOP_BY_HOP : new Set([...HOP_BY_HOP, ...named]);
}
