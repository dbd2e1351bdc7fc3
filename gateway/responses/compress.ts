import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';
import type { Request, Response } from 'express';

/**
 * Compresses a response, if client and content allow it. Not server-sent events, which must not be buffered. Not a
 * response with an `ETag` either: a strong tag stands for the exact bytes (RFC 9110, 8.8.1), clients send it back in
 * `If-Match`, and a weak one never matches there.
 */
export const compress = compression({
  filter: (req: Request, res: Response) =>
    !res.hasHeader('etag') && !isEventStream(res) && compression.filter(req, res),
});

/** Prepares the response to the headers of an API: what is never compressed is spared the cost. */
export function compressResponse(
  req: IncomingMessage,
  res: ServerResponse,
  { headers }: IncomingMessage,
): void {
  if (headers.etag !== undefined || headers['content-type']?.startsWith('text/event-stream')) return;
  compress(req as Request, res as Response, () => {});
}

const isEventStream = (res: ServerResponse): boolean =>
  String(res.getHeader('content-type') ?? '').startsWith('text/event-stream');
