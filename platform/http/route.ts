import type { z } from 'zod';

export type Role = 'customer' | 'operator' | 'admin';

/** Who is calling, from the verified token. */
export interface Caller {
  readonly sub: string;
  readonly role: Role;
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A validated request, as a handler sees it. */
export interface RouteRequest<Params, Query, Body> {
  readonly params: Output<Params>;
  readonly query: Output<Query>;
  readonly body: Output<Body>;
  readonly caller: Caller;
  /** Raw request headers by lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

export interface RouteResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One operation of an API: what it takes, who may call it, what it answers. Both the express route and the OpenAPI
 * operation come from it. Params and query that do not fit are 400, a body that does not fit 422.
 */
export interface Route<
  Params extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodType | undefined = z.ZodType | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** Express style: `/api/v1/orders/:orderId`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** Roles that may call it; anyone with a token when absent. */
  readonly roles?: readonly Role[];
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly headers?: z.ZodType;
  /** Schema of the successful answer by status; the problems are added for every route. */
  readonly responses: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;
  readonly handle: (request: RouteRequest<Params, Query, Body>) => Promise<RouteResponse>;
}
