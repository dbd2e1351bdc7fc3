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

// biome-ignore lint/suspicious/noExplicitAny: matches classes with any constructor
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** A row of the table of problems. */
export interface ProblemRow {
  /** Returns the problem of an error; undefined for errors of other rows. */
  readonly problemOf: (error: unknown) => ProblemParts | undefined;
}

/** Creates a row: errors of this class and its subclasses become this problem. */
export const problem = <E extends Error>(
  errorClass: ErrorClass<E>,
  parts: (error: E) => ProblemParts,
): ProblemRow => ({
  problemOf: (error) => (error instanceof errorClass ? parts(error) : undefined),
});

const retryAfter = (seconds: number) => ({ 'retry-after': String(Math.max(1, Math.ceil(seconds))) });

/** Errors of libraries with a 4xx status, such as an unsatisfiable range of a file of `/docs`. */
const libraryErrors: ProblemRow = {
  problemOf: (error) => {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
    const title = status >= 400 && status < 500 ? STATUS_CODES[status] : undefined;
    return title === undefined
      ? undefined
      : { status, code: title.toLowerCase().replaceAll(' ', '-'), title };
  },
};

/** Problems of the errors in `errors.ts`. The rows of an API take precedence. */
export const kitProblems: readonly ProblemRow[] = [
  problem(InvalidRequest, ({ part, errors }) => ({
    status: 400,
    code: `invalid-${part}`,
    title: `Invalid ${part}`,
    errors,
  })),
  problem(NotJson, () => ({ status: 400, code: 'not-json', title: 'Not JSON' })),
  problem(RepeatedName, ({ errors }) => ({
    status: 400,
    code: 'repeated-name',
    title: 'A name twice in one object',
    errors,
  })),
  problem(Unauthorized, () => ({
    status: 401,
    code: 'unauthorized',
    title: 'No valid token',
    headers: { 'www-authenticate': 'Bearer' },
  })),
  problem(Forbidden, () => ({ status: 403, code: 'forbidden', title: 'Not allowed' })),
  problem(NoSuchPath, () => ({ status: 404, code: 'no-such-path', title: 'No such path' })),
  problem(ResourceNotFound, ({ what }) => ({
    status: 404,
    code: 'not-found',
    title: 'Not found',
    extra: { what },
  })),
  problem(MethodNotAllowed, ({ allowed }) => ({
    status: 405,
    code: 'method-not-allowed',
    title: 'Method not allowed',
    headers: { allow: allowed.join(', ') },
  })),
  problem(BodyTooLarge, ({ limitBytes }) => ({
    status: 413,
    code: 'body-too-large',
    title: 'Body too large',
    extra: { limitBytes },
  })),
  problem(UnsupportedMediaType, () => ({
    status: 415,
    code: 'unsupported-media-type',
    title: 'Not application/json',
  })),
  problem(InvalidBody, ({ errors }) => ({
    status: 422,
    code: 'invalid-body',
    title: 'Invalid body',
    errors,
  })),
  problem(TooManyRequests, ({ retryAfterSeconds }) => ({
    status: 429,
    code: 'too-many-requests',
    title: 'Too many requests',
    headers: retryAfter(retryAfterSeconds),
  })),
  problem(Overloaded, () => ({
    status: 503,
    code: 'overloaded',
    title: 'Too much at once',
    headers: retryAfter(1),
  })),
  problem(Unavailable, ({ retryAfterSeconds }) => ({
    status: 503,
    code: 'unavailable',
    title: 'Away for now',
    headers: retryAfter(retryAfterSeconds),
  })),
  libraryErrors,
];

/** The problem of an error without a row. It reveals nothing of the error to the client. */
export const unexpected: ProblemParts = {
  status: 500,
  code: 'internal',
  title: 'Something went wrong here',
  detail: 'the request could not be carried out; the log has the reason under the request id',
};

/** Returns the problem of an error from the first row that matches; undefined when none does. */
export function problemFor(rows: readonly ProblemRow[], error: unknown): ProblemParts | undefined {
  for (const row of rows) {
    const parts = row.problemOf(error);
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
