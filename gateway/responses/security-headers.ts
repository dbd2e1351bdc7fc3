import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
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

/** The headers are the same for every response: helmet makes them once. */
function headersOfHelmet(): readonly (readonly [name: string, value: string])[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  setHeaders(request, response, (error) => {
    if (error !== undefined) throw error;
  });
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
}

/** Wraps `serve`: every response has the security headers. */
export function securityHeaders(serve: RequestListener): RequestListener {
  const headers = headersOfHelmet();
  return (request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    serve(request, response);
  };
}
