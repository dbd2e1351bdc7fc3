import type { Request, Response } from 'express';
import { callAt } from '../../async/call-at.ts';
import type { Caller, RouteRequest } from '../route.ts';
import { traceparentFrom } from './trace-headers.ts';

/** What the schemas made of a request. */
interface Given {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/** A request as a handler sees it. What few handlers ask for is made when it is asked for. */
export class IncomingRequest implements RouteRequest<undefined, undefined, undefined, undefined> {
  // Of the types of the route's own schemas, which only the route knows.
  readonly params: undefined;
  readonly query: undefined;
  readonly headers: undefined;
  readonly body: undefined;
  readonly caller: Caller;
  readonly #req: Request;
  readonly #res: Response;
  readonly #stopping: AbortSignal | undefined;
  #traceparent: string | undefined;
  #gone: AbortController | undefined;

  constructor(req: Request, res: Response, caller: Caller, given: Given, stopping: AbortSignal | undefined) {
    this.#req = req;
    this.#res = res;
    this.#stopping = stopping;
    this.caller = caller;
    this.params = given.params as undefined;
    this.query = given.query as undefined;
    this.headers = given.headers as undefined;
    this.body = given.body as undefined;
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

  get requestId(): string {
    return requestIdOf(this.#res);
  }

  get traceparent(): string {
    this.#traceparent ??= traceparentFrom(this.header('traceparent'));
    return this.#traceparent;
  }

  get signal(): AbortSignal {
    return this.#whenGone.signal;
  }

  /** Aborts `signal` at this time (ms since the epoch), unless the response has ended before. */
  endAt(time: number): void {
    const { signal } = this;
    if (!signal.aborted)
      this.#res.once(
        'close',
        callAt(time, () => this.#whenGone.abort()),
      );
  }

  get #whenGone(): AbortController {
    this.#gone ??= whenGone(this.#res, this.#stopping);
    return this.#gone;
  }
}

export const requestIdOf = (res: Response): string => String(res.getHeader('x-request-id'));

function whenGone(res: Response, stopping: AbortSignal | undefined): AbortController {
  const gone = new AbortController();
  if (res.closed || stopping?.aborted) gone.abort();
  const stop = () => gone.abort();
  // Not `AbortSignal.any`: it would hold on to every request for as long as the process runs.
  stopping?.addEventListener('abort', stop);
  res.once('close', () => {
    stopping?.removeEventListener('abort', stop);
    if (!res.writableFinished) gone.abort();
  });
  return gone;
}
