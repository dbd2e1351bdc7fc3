import type { RequestListener } from 'node:http';
import cors from 'cors';

/** Request headers that a page of another origin may send. */
const REQUEST_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, ' +
  'Orderstream-Min-Position, Traceparent, X-Request-Id';
/** Response headers that it may read, besides those that every page may read. */
const RESPONSE_HEADERS =
  'Allow, ETag, Location, Orderstream-Behind, Orderstream-Position, Retry-After, X-Request-Id';
const PREFLIGHT_SECONDS = 600;

/**
 * Wraps `serve` so that pages of these origins may read its responses, errors included. No credentials: tokens come in
 * a header. Without origins, returns `serve` itself.
 */
export function withCors(origins: readonly string[], serve: RequestListener): RequestListener {
  if (origins.length === 0) return serve;
  const allowed = new Set(origins);
  const setHeaders = cors({
    // Reflects the origin of the request, which is checked below.
    origin: true,
    methods: 'GET, HEAD, POST, PUT, PATCH, DELETE',
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: RESPONSE_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
    // The app answers OPTIONS: it knows the paths.
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
