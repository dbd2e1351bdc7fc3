import type { RequestListener, ServerResponse } from 'node:http';
import type { Response } from 'express';
import type { AccessLog } from '../access-log.ts';

/** As proxies write it: the client went away before it was answered. */
const CLIENT_GONE = 499;

/** Returns `serve`, each of whose requests is told to the access log once its response has ended: streams too. */
export const accessLogged =
  (accessLog: AccessLog, serve: RequestListener): RequestListener =>
  (request, response) => {
    const from = performance.now();
    response.once('close', () => {
      const { route, callerRole } = notedBy(response);
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

/** What the route has noted on the response: its path as it is declared, and the role of who asked. */
export const notedBy = (
  response: ServerResponse,
): { readonly route: string; readonly callerRole?: string } => {
  const { route = 'other', callerRole } = (response as Response).locals ?? {};
  return { route, callerRole };
};
