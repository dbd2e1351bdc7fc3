import { CommandFailed, exitCodes } from '../errors.ts';

/** A response of the server. */
export interface Answer {
  readonly status: number;
  /** The body as it was sent: it keeps all digits of large sums. */
  readonly text: string;
  /** The body as JSON; integers beyond 2^53 are bigints. */
  readonly body: unknown;
  /** The log position that a command reached, as a decimal number. */
  readonly position?: string | undefined;
  /** The read models lack the caller's last write. */
  readonly isBehind: boolean;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface ApiRequest {
  readonly method: Method;
  /** Begins with `/api/v1`; ids in it are percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** With it a lost response is safe: the request is sent again, and carried out once. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent without a token: everyone may do it. */
  readonly isPublic?: boolean;
}

/** Returns path and query of a request; absent parameters are left out. */
export function targetOf({ path, query = {} }: Pick<ApiRequest, 'path' | 'query'>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Returns an id as one part of a path. Throws `CommandFailed` for a lone `.` or `..`, which would change the path. */
export function pathPart(id: string): string {
  if (id === '.' || id === '..' || id === '')
    throw new CommandFailed(exitCodes.usage, `${JSON.stringify(id)} is no id`);
  return encodeURIComponent(id);
}
