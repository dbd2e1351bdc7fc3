import type { IncomingHttpHeaders } from 'node:http';

/** Request header with the log position that the client's session has written last. Only the gateway may send it. */
export const LAST_WRITE_HEADER = 'orderstream-last-write';

/** Response header of a query that may not show that write yet. */
export const BEHIND_HEADER = 'orderstream-behind';

/** Returns the position in the headers of a request from the gateway; undefined without one. */
export function lastWriteIn(headers: IncomingHttpHeaders): bigint | undefined {
  const position = headers[LAST_WRITE_HEADER];
  return typeof position === 'string' && /^\d{1,19}$/.test(position) ? BigInt(position) : undefined;
}
