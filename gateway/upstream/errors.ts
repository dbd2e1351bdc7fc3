import { type ProblemRow, problem } from '../../platform/http/response/problems.ts';
import type { ApiName } from '../routes/operations.ts';

/** The API does not accept connections, so the request was not sent. */
export class ApiUnavailable extends Error {
  override readonly name = 'ApiUnavailable';

  constructor(api: ApiName) {
    super(
      `the ${api} API is unavailable; the request was not processed: retry after the time in Retry-After`,
    );
  }
}

/** The request was sent, and the connection broke or the time was up before the response. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';

  constructor(api: ApiName) {
    super(
      `the ${api} API did not respond, so the request may have succeeded or not; a request with an Idempotency-Key can be sent again safely`,
    );
  }
}

/** A query got no response; repeating it changes nothing. */
export class NoResponse extends Error {
  override readonly name = 'NoResponse';

  constructor(api: ApiName) {
    super(`the ${api} API did not respond; retry after the time in Retry-After`);
  }
}

/** The HTTP problem of each error of the gateway. */
export const gatewayProblems: readonly ProblemRow[] = [
  problem(ApiUnavailable, 503, 'api-unavailable', 'Temporarily unavailable', { retryAfterSeconds: 2 }),
  problem(OutcomeUnknown, 503, 'outcome-unknown', 'Outcome unknown', { retryAfterSeconds: 2 }),
  problem(NoResponse, 503, 'no-response', 'No response', { retryAfterSeconds: 2 }),
];

/** The API did not begin to respond in time. */
export class ResponseTooLate extends Error {
  override readonly name = 'ResponseTooLate';
}

/** No connection was made in time. */
export class ConnectTooLate extends Error {
  override readonly name = 'ConnectTooLate';
}

/** Returns whether an error of a request says that no connection was made: nothing was sent. */
export function wasNotSent(error: unknown): boolean {
  if (error instanceof ConnectTooLate) return true;
  // Node tries each address of a name in turn, and throws their errors together.
  if (error instanceof AggregateError) return error.errors.every(wasNotSent);
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
  return syscall === 'connect' || syscall === 'getaddrinfo';
}
