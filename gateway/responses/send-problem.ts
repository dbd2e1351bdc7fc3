import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorLog } from '../../platform/http/response/fallback-responses.ts';
import { kitProblems, problemFor, unexpected } from '../../platform/http/response/problems.ts';
import { sendProblem } from '../../platform/http/response/send-response.ts';
import { ClientGone } from '../requests/read-body.ts';
import { gatewayProblems } from '../upstream/errors.ts';

const rows = [...gatewayProblems, ...kitProblems];

/** Responds to an error with its problem; logs an unexpected one. */
export function sendError(error: unknown, req: IncomingMessage, res: ServerResponse, logger: ErrorLog): void {
  if (error instanceof ClientGone || res.destroyed) return void res.destroy();
  const problem = problemFor(rows, error) ?? unexpected;
  if (problem === unexpected)
    logger.error('a request failed unexpectedly', {
      error,
      requestId: String(res.getHeader('x-request-id')),
      method: req.method,
    });
  if (res.headersSent) res.destroy();
  else sendProblem(res, problem);
}
