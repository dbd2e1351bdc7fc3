import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { hopByHop } from '../requests/hop-by-hop.ts';

/**
 * Writes status and headers of an API's response. The gateway's own headers stay, except where the API has the same; `Vary`
 * names the fields of both.
 */
export function writeHead(
  res: ServerResponse,
  { statusCode = 502, headersDistinct, headers }: IncomingMessage,
): void {
  const dropped = hopByHop(headers.connection);
  const result: OutgoingHttpHeaders = {};
  for (const name in headersDistinct) {
    // The request id is that of the gateway, which the API was given.
    if (dropped.has(name) || name === 'x-request-id') continue;
    const values = headersDistinct[name] ?? [];
    result[name] = values.length === 1 ? values[0] : values;
  }
  const vary = res.getHeader('vary');
  if (vary !== undefined && result.vary !== undefined)
    result.vary = mergedVary(String(vary), String(result.vary));
  res.writeHead(statusCode, result);
}

/** Server-sent events must reach the client one by one. */
export const isLive = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/event-stream') === true;

function mergedVary(ours: string, theirs: string): string {
  const names = new Map<string, string>();
  for (const name of `${ours},${theirs}`.split(',').map((text) => text.trim()))
    names.set(name.toLowerCase(), name);
  return names.has('*') ? '*' : [...names.values()].join(', ');
}
