import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express';
import { requestIdOf } from '../request/incoming-request.ts';
import { InvalidRequest, MethodNotAllowed, NoSuchPath } from './errors.ts';
import { kitProblems, type ProblemRow, problemFor, unexpected } from './problems.ts';
import { sendProblem } from './send-response.ts';

/** Receives unexpected errors. */
export interface ErrorLog {
  error(message: string, details: Readonly<Record<string, unknown>>): unknown;
}

/** Responds to OPTIONS with the allowed methods of a path. */
export const respondToOptions =
  (allowed: readonly string[]): RequestHandler =>
  (_req, res) => {
    res.writeHead(204, { allow: allowed.join(', ') }).end();
  };

/** Methods of read-only paths. */
const readMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Adds the last handlers of an app: 405 on read-only paths, 404 elsewhere, and a problem for every error. The rows in
 * `problems` take precedence over those of `problems.ts`.
 */
export function addFallbackResponses(
  app: Express,
  readOnly: readonly string[],
  logger: ErrorLog,
  problems: readonly ProblemRow[] = [],
): void {
  for (const path of readOnly) {
    app.options(path, respondToOptions(readMethods));
    app.all(path, (req) => {
      throw new MethodNotAllowed(req.method, readMethods);
    });
  }
  app.use((req, res) => {
    // `OPTIONS *` is about the server as a whole (RFC 9110, 9.3.7).
    if (req.method === 'OPTIONS' && req.url === '*') {
      res.writeHead(204).end();
      return;
    }
    throw new NoSuchPath(`there is nothing at ${req.path}`);
  });
  app.use(respondToErrors([...problems, ...kitProblems], logger));
}

function respondToErrors(rows: readonly ProblemRow[], logger: ErrorLog): ErrorRequestHandler {
  return (error, req, res, _next) => {
    const problem = problemFor(rows, badPath(error, req) ?? error) ?? unexpected;
    if (problem === unexpected)
      logger.error('a request failed unexpectedly', {
        error,
        requestId: requestIdOf(res),
        method: req.method,
        path: req.path,
      });
    if (res.headersSent) res.destroy();
    else sendProblem(res, problem);
  };
}

/** Translates the router's error for malformed percent-encoding. */
const badPath = (error: unknown, req: Request) =>
  error instanceof URIError
    ? new InvalidRequest('path', [{ path: '', message: `${req.path} is not well encoded` }])
    : undefined;
