import type { IncomingMessage, ServerResponse } from 'node:http';

/** A response of at most this length arrives in one piece or a few. */
const SMALL_BYTES = 64 * 1024;

/**
 * Sends the body of an API's response to the client, after the head. A small body of known length is sent once it is
 * complete, in one packet with the head; every other is streamed, as fast as the client reads.
 */
export function sendBody(from: IncomingMessage, res: ServerResponse): void {
  const length = from.headers['content-length'];
  if (length === undefined || Number(length) > SMALL_BYTES) return void from.pipe(res);
  const pieces: Buffer[] = [];
  from.on('data', (piece: Buffer) => pieces.push(piece));
  // Not at `close`: a response that the API cut off has no end, and the client must see it cut off too.
  from.once('end', () => {
    const [piece] = pieces;
    if (piece === undefined) res.end();
    else res.end(pieces.length === 1 ? piece : Buffer.concat(pieces));
  });
}
