import type { RequestListener } from 'node:http';
import type { AccessLog } from '../access-log.ts';
import { accessLogged } from './access-logged.ts';
import { withCors } from './cors.ts';
import { requestIdFrom } from './trace.ts';

export interface FrontOptions {
  /** Told of every request; nobody is when absent. */
  readonly accessLog?: AccessLog | undefined;
  /** Origins whose pages may read responses; none when absent. */
  readonly corsOrigins?: readonly string[] | undefined;
}

/** Returns `serve` behind what every server does for each request, refused ones included. */
export function front(
  serve: RequestListener,
  { accessLog, corsOrigins = [] }: FrontOptions,
): RequestListener {
  const open = withCors(corsOrigins, serve);
  return withRequestId(accessLog === undefined ? open : accessLogged(accessLog, open));
}

/** Before express, where it costs less than a middleware. */
const withRequestId =
  (serve: RequestListener): RequestListener =>
  (request, response) => {
    response.setHeader('x-request-id', requestIdFrom(request.headers['x-request-id']));
    response.setHeader('x-content-type-options', 'nosniff');
    serve(request, response);
  };
