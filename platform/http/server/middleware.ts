import type { RequestListener } from 'node:http';
import type { AccessLog } from '../../logging/access-log.ts';
import { requestIdFrom } from '../request/trace-headers.ts';
import { withCors } from './cors.ts';
import { logRequests } from './log-requests.ts';

export interface MiddlewareOptions {
  /** Receives every request; requests are not logged when absent. */
  readonly accessLog?: AccessLog | undefined;
  /** Origins whose pages may read responses; none when absent. */
  readonly corsOrigins?: readonly string[] | undefined;
}

/** Wraps `serve` with the request id, the access log and CORS, which apply to rejected requests too. */
export function withMiddleware(
  serve: RequestListener,
  { accessLog, corsOrigins = [] }: MiddlewareOptions,
): RequestListener {
  const serveWithCors = withCors(corsOrigins, serve);
  return withRequestId(accessLog === undefined ? serveWithCors : logRequests(accessLog, serveWithCors));
}

/** Runs before express, where it costs less than as a middleware. */
const withRequestId =
  (serve: RequestListener): RequestListener =>
  (request, response) => {
    response.setHeader('x-request-id', requestIdFrom(request.headers['x-request-id']));
    response.setHeader('x-content-type-options', 'nosniff');
    serve(request, response);
  };
