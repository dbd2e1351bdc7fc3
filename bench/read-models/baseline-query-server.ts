import express from 'express';
import { listen } from '../../platform/http/server/listen.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { bearerToken, createTokenVerifier } from '../../platform/http/tokens/tokens.ts';
import { serveRequests } from '../harness/bench-process.ts';

// The baseline of the query API: an express app with the same authentication that answers the same bytes from memory.

/** Responses by path. */
export interface StoredResponses {
  readonly secret: string;
  readonly answers: Readonly<
    Record<string, { readonly body: string; readonly headers: Record<string, string> }>
  >;
}

serveRequests<StoredResponses, string>(async ({ secret, answers }) => {
  const verify = createTokenVerifier(secretKey(secret));
  const bodies = new Map(
    Object.entries(answers).map(([path, { body, headers }]) => [path, { body: Buffer.from(body), headers }]),
  );
  const app = express().disable('x-powered-by').disable('etag');
  const answer: express.RequestHandler = async (request, response) => {
    const {
      caller: { sub },
    } = await verify(bearerToken(request.headers.authorization));
    const found = bodies.get(request.originalUrl) ?? bodies.get(`${request.originalUrl} ${sub}`);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { ...found.headers, 'content-length': found.body.length }).end(found.body);
  };
  app.get('/api/v1/orders', answer);
  app.get('/api/v1/orders/:orderId', answer);
  return (await listen(app, { host: '127.0.0.1', port: 0 })).url;
});
