import type { z } from 'zod';

export const roles = ['customer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who is calling, from the verified token. */
export interface Caller {
  readonly sub: string;
  readonly role: Role;
}

type Schema = z.ZodType | undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A validated request, as a handler sees it. */
export interface RouteRequest<Params, Query, Body, Headers = Schema> {
  readonly params: Output<Params>;
  readonly query: Output<Query>;
  readonly body: Output<Body>;
  /** What the route's `headers` schema made of the headers (lower-case names). */
  readonly headers: Output<Headers>;
  readonly caller: Caller;
  /** Raw request headers by lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** In capitals. */
  readonly method: string;
  /** The path as it was asked for, without the query. */
  readonly path: string;
  readonly requestId: string;
  /** W3C trace context: the caller's, or one made here. */
  readonly traceparent: string;
  /** Aborts when the client disconnects, when the process stops, or, for a stream, when the token expires. */
  readonly signal: AbortSignal;
}

export interface RouteResponse {
  readonly status: number;
  /** Sent as JSON; a `JsonText` as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Instead of a body: written piece by piece as it comes (server-sent events), until it ends or the request's `signal`
   * aborts. Set `content-type` in `headers`.
   */
  readonly stream?: AsyncIterable<string>;
  /** Aborts when the connection is to be cut, whatever of the stream its client has not taken yet. */
  readonly cut?: AbortSignal;
}

export interface ResponseDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** A `z.object` of the headers that come with it, by name as they are sent. */
  readonly headers?: z.ZodObject;
  /** `application/json` when absent. */
  readonly contentType?: string;
}

/**
 * One operation of an API: what it takes, who may call it, what it answers. Both the express route and the OpenAPI
 * operation come from it. Params, query and headers that do not fit are 400, a body that does not fit 422.
 * Objects for `query` and `body` sendOverloaded unknown names whether declared strict or not.
 */
export interface Route<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Headers extends Schema = Schema,
> {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** Express style: `/api/v1/orders/:orderId`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** Roles that may call it; anyone with a token when absent. */
  readonly roles?: readonly Role[];
  readonly params?: Params;
  readonly query?: Query;
  /** A schema that takes `undefined` makes the body optional. Without a schema only an empty object is taken. */
  readonly body?: Body;
  /** Of the headers that the route reads, by lower-case name. */
  readonly headers?: Headers;
  /** The successful answers by status. */
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  /**
   * Statuses of the problems that this route may answer beyond those of the kit (400 to 405, 413, 415, 422, 429, 500 and
   * 503, documented for every route that can answer them): 403, 404, 409, 412, 422 or 504, with what they mean here.
   */
  readonly problems?: Readonly<Record<number, string>>;
  // A method, so that routes with different types fit in one list.
  handle(request: RouteRequest<Params, Query, Body, Headers>): Promise<RouteResponse>;
}

/** Infers the types of a route from its schemas. */
export const defineRoute = <
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Body extends Schema = undefined,
  Headers extends Schema = undefined,
>(
  route: Route<Params, Query, Body, Headers>,
): Route => route;
