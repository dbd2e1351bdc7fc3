import { randomUUID } from 'node:crypto';

/** The caller's `X-Request-Id` when it is short printable ASCII without spaces, else a new one. */
export const requestIdFrom = (header: string | readonly string[] | undefined): string =>
  typeof header === 'string' && /^[\x21-\x7e]{1,128}$/.test(header) ? header : randomUUID();

/** The caller's W3C `traceparent` when it is well-formed, else the start of a trace of our own. */
export function traceparentFrom(header: string | undefined): string {
  if (header !== undefined && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(header))
    return header;
  // UUIDs come from a pool of random bytes, which makes them cheaper than asking for bytes.
  return `00-${hex()}-${hex().slice(16)}-01`;
}

const hex = () => randomUUID().replaceAll('-', '');
