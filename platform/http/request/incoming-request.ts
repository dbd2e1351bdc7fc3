import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import { callAt } from '../../async/call-at.ts';
import type { Access, Caller, RouteRequest } from '../route.ts';
import type { ClientAddress } from './client-address.ts';
import { BEHIND_HEADER, LAST_WRITE_HEADER, lastWriteIn } from './last-write.ts';
import { traceparentFrom } from './trace-headers.ts';

/** The validated input of a request. */
export type Input = Readonly<Record<'params' | 'query' | 'headers' | 'body', unknown>>;

/** What all requests of an API share. */
export interface RequestContext {
  /** Aborts when the process stops. */
  readonly stopping: AbortSignal | undefined;
  readonly clientAddress: ClientAddress;
  readonly isFromGateway: (headers: IncomingHttpHeaders) => boolean;
}

/**
 * A request as a handler sees it. Parts that few handlers need are created on first use. A class, since an object with
 * accessors takes ten times as long to create, for every request.
 */
export class IncomingRequest implements RouteRequest<undefined, undefined, undefined, undefined, Access> {
  // Their real types come from the schemas of the route.
  readonly params: undefined;
  readonly query: undefined;
  readonly headers: undefined;
  readonly body: undefined;
  readonly caller: Caller | undefined;
  readonly #req: Request;
  readonly #res: Response;
  readonly #stopping: AbortSignal | undefined;
  readonly #addressOf: ClientAddress;
  readonly #isFromGateway: RequestContext['isFromGateway'];
  #traceparent: string | undefined;
  #ended: AbortController | undefined;

  constructor(
    req: Request,
    res: Response,
    caller: Caller | undefined,
    input: Input,
    context: RequestContext,
  ) {
    this.#req = req;
    this.#res = res;
    this.#stopping = context.stopping;
    this.#addressOf = context.clientAddress;
    this.#isFromGateway = context.isFromGateway;
    this.caller = caller;
    this.params = input.params as undefined;
    this.query = input.query as undefined;
    this.headers = input.headers as undefined;
    this.body = input.body as undefined;
  }

  readonly header = (name: string): string | undefined => {
    const value = this.#req.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };

  get method(): string {
    return this.#req.method;
  }

  get path(): string {
    return this.#req.path;
  }

  get clientAddress(): string {
    return this.#addressOf(this.#req);
  }

  get requestId(): string {
    return requestIdOf(this.#res);
  }

  get traceparent(): string {
    this.#traceparent ??= traceparentFrom(this.header('traceparent'));
    return this.#traceparent;
  }

  get lastWrite(): bigint | undefined {
    const { headers } = this.#req;
    return LAST_WRITE_HEADER in headers && this.#isFromGateway(headers) ? lastWriteIn(headers) : undefined;
  }

  readonly markBehind = (): void => void this.#res.setHeader(BEHIND_HEADER, 'true');

  get signal(): AbortSignal {
    return this.#endController.signal;
  }

  /** Aborts `signal` at this time (ms since the epoch), unless the response has ended before. */
  endAt(time: number): void {
    this.endWhen((end) => callAt(time, end));
  }

  /** Aborts `signal` when the subscriber calls `end`, unless the response has ended before. `subscribe` returns a cancellation. */
  endWhen(subscribe: (end: () => void) => () => void): void {
    if (!this.signal.aborted)
      this.#res.once(
        'close',
        subscribe(() => this.#endController.abort()),
      );
  }

  get #endController(): AbortController {
    this.#ended ??= abortAtEnd(this.#res, this.#stopping);
    return this.#ended;
  }
}

export const requestIdOf = (res: Response): string => String(res.getHeader('x-request-id'));

/** Returns a controller that aborts when the client disconnects before the response is complete, or the process stops. */
function abortAtEnd(res: Response, stopping: AbortSignal | undefined): AbortController {
  const ended = new AbortController();
  if (res.closed || stopping?.aborted) ended.abort();
  const stop = () => ended.abort();
  // Not `AbortSignal.any`: it would keep every request in memory for as long as the process runs.
  stopping?.addEventListener('abort', stop);
  res.once('close', () => {
    stopping?.removeEventListener('abort', stop);
    if (!res.writableFinished) ended.abort();
  });
  return ended;
}
