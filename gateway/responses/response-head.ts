import type { IncomingMessage, ServerResponse } from 'node:http';
import { forwardedFields } from '../requests/header-fields.ts';

/**
 * Writes status and headers of an API's response. The gateway's own headers stay, except where the API has the same; `Vary`
 * names the fields of both.
 */
export function writeHead(
  res: ServerResponse,
  { statusCode = 502, rawHeaders, headers }: IncomingMessage,
): void {
  const result = forwardedFields(rawHeaders, headers.connection, isRequestId);
  const vary = res.getHeader('vary');
  if (vary !== undefined && result.vary !== undefined)
    result.vary = mergedVary(String(vary), String(result.vary));
  res.writeHead(statusCode, result);
}

/** The request id is that of the gateway, which the API was given. */
const isRequestId = (name: string): boolean => name === 'x-request-id';

/** Server-sent events must reach the client one by one. */
export const isLive = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/event-stream') === true;

function mergedVary(ours: string, theirs: string): string {
  const names = new Map<string, string>();
  for (const name of `${ours},${theirs}`.split(',').map((text) => text.trim()))
    names.set(name.toLowerCase(), name);
  return names.has('*') ? '*' : [...names.values()].join(', ');
}
