import { STATUS_CODES } from 'node:http';
import {
  BodyTooLarge,
  Forbidden,
  type InputError,
  InvalidBody,
  InvalidRequest,
  MethodNotAllowed,
  NoSuchPath,
  NotJson,
  Overloaded,
  RepeatedName,
  ResourceNotFound,
  TooManyRequests,
  Unauthorized,
  Unavailable,
  UnsupportedMediaType,
} from './errors.ts';

/** A problem. Its `detail` is the message of the error when absent. */
export interface ProblemParts {
  readonly status: number;
  /** Stable, in kebab-case: the end of the problem's `type`. */
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly InputError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A row of the table of problems: returns the problem of an error; undefined for errors of other rows. */
export type ProblemRow = (error: unknown) => ProblemParts | undefined;

// biome-ignore lint/suspicious/noExplicitAny: matches classes with any constructor
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;
interface MoreParts extends Partial<Omit<ProblemParts, 'status' | 'code'>> {
  /** Sent as `Retry-After`, rounded up to a whole number of at least 1. */
  readonly retryAfterSeconds?: number;
}

/** Creates a row: errors of this class and its subclasses become this problem. */
export const problem =
  <E extends Error>(
    errorClass: ErrorClass<E>,
    status: number,
    code: string | ((error: E) => string),
    title: string,
    more: MoreParts | ((error: E) => MoreParts) = {},
  ): ProblemRow =>
  (error) => {
    if (!(error instanceof errorClass)) return undefined;
    const { retryAfterSeconds, ...parts } = typeof more === 'function' ? more(error) : more;
    const headers = retryAfterSeconds !== undefined && {
      headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    };
    return { status, code: typeof code === 'function' ? code(error) : code, title, ...parts, ...headers };
  };

/** Errors of libraries with a 4xx status, such as an unsatisfiable range of a file of `/docs`. */
const libraryErrors: ProblemRow = (error) => {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  const title = status >= 400 && status < 500 ? STATUS_CODES[status] : undefined;
  return title === undefined ? undefined : { status, code: title.toLowerCase().replaceAll(' ', '-'), title };
};

const onlyErrors = ({ errors }: { readonly errors: readonly InputError[] }) => ({ errors });
const onlyRetryAfter = ({ retryAfterSeconds }: { readonly retryAfterSeconds: number }) => ({
  retryAfterSeconds,
});

/** Problems of the errors in `errors.ts`. The rows of an API take precedence. */
export const kitProblems: readonly ProblemRow[] = [
  problem(
    InvalidRequest,
    400,
    ({ part }) => `invalid-${part}`,
    'Invalid request',
    ({ part, errors }) => ({ title: `Invalid ${part}`, errors }),
  ),
  problem(NotJson, 400, 'not-json', 'Not JSON'),
  problem(RepeatedName, 400, 'repeated-name', 'Repeated name', onlyErrors),
  problem(Unauthorized, 401, 'unauthorized', 'No valid token', { headers: { 'www-authenticate': 'Bearer' } }),
  problem(Forbidden, 403, 'forbidden', 'Not allowed'),
  problem(NoSuchPath, 404, 'no-such-path', 'No such path'),
  problem(ResourceNotFound, 404, 'not-found', 'Not found', ({ what }) => ({ extra: { what } })),
  problem(MethodNotAllowed, 405, 'method-not-allowed', 'Method not allowed', ({ allowed }) => ({
    headers: { allow: allowed.join(', ') },
  })),
  problem(BodyTooLarge, 413, 'body-too-large', 'Body too large', ({ limitBytes }) => ({
    extra: { limitBytes },
  })),
  problem(UnsupportedMediaType, 415, 'unsupported-media-type', 'Not application/json'),
  problem(InvalidBody, 422, 'invalid-body', 'Invalid body', onlyErrors),
  problem(TooManyRequests, 429, 'too-many-requests', 'Too many requests', onlyRetryAfter),
  problem(Overloaded, 503, 'overloaded', 'Overloaded', { retryAfterSeconds: 1 }),
  problem(Unavailable, 503, 'unavailable', 'Temporarily unavailable', onlyRetryAfter),
  libraryErrors,
];

/** The problem of an error without a row. It reveals nothing of the error to the client. */
export const unexpected: ProblemParts = {
  status: 500,
  code: 'internal',
  title: 'Internal error',
  detail: 'the request could not be carried out; the log has the reason under the request id',
};

/** Returns the problem of an error from the first row that matches; undefined when none does. */
export function problemFor(rows: readonly ProblemRow[], error: unknown): ProblemParts | undefined {
  for (const row of rows) {
    const parts = row(error);
    if (parts !== undefined)
      return { detail: error instanceof Error ? error.message : String(error), ...parts };
  }
  return undefined;
}

/** Returns the body of an `application/problem+json` response (RFC 9457). */
export const problemBody = ({ status, code, title, detail, errors, extra }: ProblemParts) => ({
  ...extra,
  type: `urn:orderstream:problem:${code}`,
  title,
  status,
  ...(detail !== undefined && { detail }),
  ...(errors !== undefined && { errors }),
});
