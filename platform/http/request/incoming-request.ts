import type { Request, Response } from 'express';
import { callAt } from '../../async/call-at.ts';
import type { Caller, RouteRequest } from '../route.ts';
import { traceparentFrom } from './trace-headers.ts';

/** The validated input of a request. */
export type Input = Readonly<Record<'params' | 'query' | 'headers' | 'body', unknown>>;

/** Creates a request as a handler sees it. Parts that few handlers need are created on first use. */
export function incomingRequest(
  req: Request,
  res: Response,
  caller: Caller,
  input: Input,
  stopping: AbortSignal | undefined,
) {
  let traceparent: string | undefined;
  let ended: AbortController | undefined;
  const endController = () => {
    ended ??= abortAtEnd(res, stopping);
    return ended;
  };
  const header = (name: string): string | undefined => {
    const value = req.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    ...input,
    caller,
    header,
    method: req.method,
    path: req.path,
    requestId: requestIdOf(res),
    get traceparent(): string {
      traceparent ??= traceparentFrom(header('traceparent'));
      return traceparent;
    },
    get signal(): AbortSignal {
      return endController().signal;
    },
    /** Aborts `signal` at this time (ms since the epoch), unless the response has ended before. */
    endAt(time: number): void {
      const controller = endController();
      if (!controller.signal.aborted)
        res.once(
          'close',
          callAt(time, () => controller.abort()),
        );
    },
  } satisfies RouteRequest & { endAt(time: number): void };
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
