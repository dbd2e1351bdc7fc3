import { randomUUID } from 'node:crypto';

/** Returns the client's `X-Request-Id` when it is printable ASCII of at most 128 characters without spaces; else a new id. */
export const requestIdFrom = (header: string | readonly string[] | undefined): string =>
  typeof header === 'string' && /^[\x21-\x7e]{1,128}$/.test(header) ? header : randomUUID();

/** Returns the client's W3C `traceparent` when it is well-formed; else that of a new trace. */
export function traceparentFrom(header: string | undefined): string {
  if (header !== undefined && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(header))
    return header;
  // `randomUUID` uses a pool of random bytes, so it is cheaper than `randomBytes`.
  return `00-${hex()}-${hex().slice(16)}-01`;
}

const hex = () => randomUUID().replaceAll('-', '');
