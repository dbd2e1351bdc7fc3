import type { RequestListener, ServerResponse } from 'node:http';
import type { Response } from 'express';
import type { AccessLog } from '../../logging/access-log.ts';

/** Status that proxies log when the client closed the connection before the response. */
const CLIENT_GONE = 499;

/** Wraps `serve`: adds each request to the access log when its response, or its stream, has ended. */
export function logRequests(accessLog: AccessLog | undefined, serve: RequestListener): RequestListener {
  if (accessLog === undefined) return serve;
  return (request, response) => {
    const from = performance.now();
    response.once('close', () => {
      const { route, callerRole } = routeInfoOf(response);
      accessLog({
        method: request.method ?? '',
        route,
        status: response.headersSent ? response.statusCode : CLIENT_GONE,
        durationMs: Math.round((performance.now() - from) * 10) / 10,
        requestId: String(response.getHeader('x-request-id')),
        callerRole,
        cutOff: response.writableFinished ? undefined : true,
      });
    });
    serve(request, response);
  };
}

/** Returns what the route has set on the response: its declared path, and the role of the caller. */
export const routeInfoOf = (
  response: ServerResponse,
): { readonly route: string; readonly callerRole?: string } => {
  const { route = 'other', callerRole } = (response as Response).locals ?? {};
  return { route, callerRole };
};
