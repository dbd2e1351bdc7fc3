import type { RequestListener } from 'node:http';
import helmet from 'helmet';

/**
 * Sets the headers of helmet. `Strict-Transport-Security` is left to the proxy that has the certificate: the gateway speaks
 * plain HTTP, where a server must not send it (RFC 6797, 7.2). A page sets a policy of its own where it needs another.
 */
const setHeaders = helmet({
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
});

/** Wraps `serve`: every response has the security headers. */
export const securityHeaders =
  (serve: RequestListener): RequestListener =>
  (request, response) =>
    setHeaders(request, response, () => serve(request, response));
