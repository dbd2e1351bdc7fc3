import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express';
import { requestIdOf } from '../request/incoming-request.ts';
import { InvalidRequest, MethodNotAllowed, NoSuchPath } from './errors.ts';
import { kitProblems, type ProblemRow, problemFor, unexpected } from './problems.ts';
import { sendProblem } from './send-response.ts';

/** Told of what nobody foresaw. */
export interface ErrorLog {
  error(message: string, details: Readonly<Record<string, unknown>>): unknown;
}

export interface FallbackOptions {
  readonly logger: ErrorLog;
  /** How errors beyond the kit's own are answered; looked at before those. */
  readonly problems?: readonly ProblemRow[] | undefined;
}

/** Answers OPTIONS with the methods that a path takes. */
export const respondToOptions =
  (allowed: readonly string[]): RequestHandler =>
  (_req, res) => {
    res.writeHead(204, { allow: allowed.join(', ') }).end();
  };

/** Methods of paths that are only read. */
const reading = ['GET', 'HEAD', 'OPTIONS'];

/** The end of every app: 405 on paths that are only read, 404 elsewhere, and a problem for whatever was thrown. */
export function addFallbackResponses(
  app: Express,
  readOnly: readonly string[],
  { logger, problems = [] }: FallbackOptions,
): void {
  for (const path of readOnly) {
    app.options(path, respondToOptions(reading));
    app.all(path, (req) => {
      throw new MethodNotAllowed(req.method, reading);
    });
  }
  app.use((req, res) => {
    // Asked about the server as a whole (RFC 9110, 9.3.7).
    if (req.method === 'OPTIONS' && req.url === '*') {
      res.writeHead(204).end();
      return;
    }
    throw new NoSuchPath(`there is nothing at ${req.path}`);
  });
  app.use(answerErrors([...problems, ...kitProblems], logger));
}

function answerErrors(rows: readonly ProblemRow[], logger: ErrorLog): ErrorRequestHandler {
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

/** The router's own error for a percent encoding that is none. */
const badPath = (error: unknown, req: Request) =>
  error instanceof URIError
    ? new InvalidRequest('path', [{ path: '', message: `${req.path} is not well encoded` }])
    : undefined;
