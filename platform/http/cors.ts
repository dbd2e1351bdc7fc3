import type { RequestListener } from 'node:http';
import cors from 'cors';

/** What a page of another origin may send. */
const requestHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'Orderstream-Min-Position',
  'Traceparent',
  'X-Request-Id',
];
/** What it may read of a response, beside what every page may. */
const responseHeaders = [
  'Allow',
  'ETag',
  'Location',
  'Orderstream-Behind',
  'Orderstream-Position',
  'Retry-After',
  'X-Request-Id',
];
const PREFLIGHT_SECONDS = 600;

/**
 * Returns `serve`, whose responses pages of these origins may read, refusals included. No credentials: tokens come in a
 * header. Without origins `serve` is returned as it is.
 */
export function withCors(origins: readonly string[], serve: RequestListener): RequestListener {
  if (origins.length === 0) return serve;
  const allowed = new Set(origins);
  const setHeaders = cors({
    // The origin asked for, which is looked up below.
    origin: true,
    methods: 'GET, HEAD, POST, PUT, PATCH, DELETE',
    allowedHeaders: requestHeaders.join(', '),
    exposedHeaders: responseHeaders.join(', '),
    maxAge: PREFLIGHT_SECONDS,
    // The app answers: it knows which paths there are.
    preflightContinue: true,
  });
  return (request, response) => {
    response.setHeader('vary', 'Origin');
    const { origin } = request.headers;
    if (origin !== undefined && allowed.has(origin))
      setHeaders(request, response, () => serve(request, response));
    else serve(request, response);
  };
}
