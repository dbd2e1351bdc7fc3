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

/** What a problem says beyond the error's own message, which becomes its `detail`. */
export interface ProblemParts {
  readonly status: number;
  /** Stable and kebab-case, for machines: the end of the problem's `type`. */
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly InputError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem, for machines. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

// biome-ignore lint/suspicious/noExplicitAny: only so can a class with any constructor be named
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** How errors of one class are answered. */
export interface ProblemRow {
  readonly answers: (error: unknown) => ProblemParts | undefined;
}

/** A row of a table of problems: errors of this class (and those below it) become this problem. */
export const problem = <E extends Error>(
  of: ErrorClass<E>,
  parts: (error: E) => ProblemParts,
): ProblemRow => ({
  answers: (error) => (error instanceof of ? parts(error) : undefined),
});

const retryAfter = (seconds: number) => ({ 'retry-after': String(Math.max(1, Math.ceil(seconds))) });

/** What a library refuses by a status of its own: a file of `/docs` under a condition, a range that it does not have. */
const ofLibraries: ProblemRow = {
  answers: (error) => {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
    const title = status >= 400 && status < 500 ? STATUS_CODES[status] : undefined;
    return title === undefined
      ? undefined
      : { status, code: title.toLowerCase().replaceAll(' ', '-'), title };
  },
};

/** How the kit's own errors are answered. An API puts rows of its own before these. */
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
  ofLibraries,
];

/** The answer to an error that no row knows: nothing of it is told to the caller. */
export const unexpected: ProblemParts = {
  status: 500,
  code: 'internal',
  title: 'Something went wrong here',
  detail: 'the request could not be carried out; the log has the reason under the request id',
};

/** The first row that knows the error; undefined when none does. */
export function problemFor(rows: readonly ProblemRow[], error: unknown): ProblemParts | undefined {
  for (const row of rows) {
    const parts = row.answers(error);
    if (parts !== undefined)
      return { detail: error instanceof Error ? error.message : String(error), ...parts };
  }
  return undefined;
}

/** The body of an `application/problem+json` answer (RFC 9457). */
export const problemBody = ({ status, code, title, detail, errors, extra }: ProblemParts) => ({
  ...extra,
  type: `urn:orderstream:problem:${code}`,
  title,
  status,
  ...(detail !== undefined && { detail }),
  ...(errors !== undefined && { errors }),
});
