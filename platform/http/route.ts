import type { z } from 'zod';

export const roles = ['customer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The client, from the verified token. */
export interface Caller {
  readonly sub: string;
  readonly role: Role;
  /** The session of the token; undefined for a machine token. */
  readonly sessionId?: string;
}

/**
 * Who may call a route without a token. `public`: every client; a token is not looked at. `optional`: every client; a token,
 * if sent, must be valid. Absent: a token is required.
 */
export type Access = 'public' | 'optional' | undefined;
type CallerOf<A extends Access> = A extends 'public'
  ? undefined
  : A extends 'optional'
    ? Caller | undefined
    : Caller;

type Schema = z.ZodType | undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A validated request, as a handler sees it. */
export interface RouteRequest<
  Params = Schema,
  Query = Schema,
  Body = Schema,
  Headers = Schema,
  A extends Access = undefined,
> {
  readonly params: Output<Params>;
  readonly query: Output<Query>;
  readonly body: Output<Body>;
  /** Headers as parsed by the route's `headers` schema, by lower-case name. */
  readonly headers: Output<Headers>;
  /** The client; undefined without a token, which only the `access` of a route permits. */
  readonly caller: CallerOf<A>;
  /** Raw request headers by lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** In capitals. */
  readonly method: string;
  /** The path as the client sent it, without the query. */
  readonly path: string;
  /** IP address of the client, as the last trusted proxy saw it. */
  readonly clientAddress: string;
  readonly requestId: string;
  /** W3C trace context: the client's, or a new one. */
  readonly traceparent: string;
  /** Aborts when the client disconnects, when the process stops, or, for a stream, when the token expires. */
  readonly signal: AbortSignal;
  /** Log position of the last write of the client's session, as the gateway knows it. */
  readonly lastWrite: bigint | undefined;
  /** Tells the client that the response may not show the last write of its session yet. */
  readonly markBehind: () => void;
}

export interface RouteResponse {
  readonly status: number;
  /** Sent as JSON; a `JsonText` is sent unchanged. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie` headers. */
  readonly cookies?: readonly string[];
  /**
   * Instead of a body: sent piece by piece (server-sent events), until it ends or the request's `signal` aborts. Set
   * `content-type` in `headers`.
   */
  readonly stream?: AsyncIterable<string>;
  /** Aborts to cut the connection, although the client has not received the whole stream. */
  readonly cut?: AbortSignal;
}

export interface ResponseDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** A `z.object` of the response headers by name. */
  readonly headers?: z.ZodObject;
  /** `application/json` when absent. */
  readonly contentType?: string;
}

/**
 * One operation of an API: its input, its permitted roles and its responses. The express route and the OpenAPI operation
 * are both created from it. Invalid params, query and headers are 400, an invalid body is 422. Object schemas of `query` and
 * `body` always reject unknown names.
 */
export interface Route<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Headers extends Schema = Schema,
  A extends Access = Access,
> {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** Express style: `/api/v1/orders/:orderId`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access?: A;
  /** Permitted roles; every role when absent. */
  readonly roles?: readonly Role[];
  /**
   * Its requests mostly wait, such as for a password to be hashed, and their number has a limit of its own. They take no place of
   * those in flight (`limits/admission.ts`), so that other requests need not wait for them.
   */
  readonly hasOwnLimit?: true;
  readonly params?: Params;
  readonly query?: Query;
  /** The body is optional when the schema accepts `undefined`. Without a schema, only an empty object is accepted. */
  readonly body?: Body;
  /** Schema of the headers that the route reads, by lower-case name. */
  readonly headers?: Headers;
  /** Successful responses by status. */
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  /**
   * Problems of this route by status (403, 404, 409, 412, 422 or 504), with their meaning. The problems of every route (400
   * to 405, 413, 415, 422, 429, 500 and 503) are documented by themselves.
   */
  readonly problems?: Readonly<Record<number, string>>;
  // A method, so that routes with different types fit in one list.
  handle(request: RouteRequest<Params, Query, Body, Headers, A>): Promise<RouteResponse>;
}

/** Infers the types of a route from its schemas. */
export const defineRoute = <
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Body extends Schema = undefined,
  Headers extends Schema = undefined,
  A extends Access = undefined,
>(
  route: Route<Params, Query, Body, Headers, A>,
): Route => route;
