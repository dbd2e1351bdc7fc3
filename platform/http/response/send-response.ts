import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { RouteResponse } from '../route.ts';
import { jsonOf } from './json-text.ts';
import { type ProblemParts, problemBody } from './problems.ts';

/** Sends a response; a stream until it ends or the request's `signal` aborts. */
export async function sendResponse(
  res: ServerResponse,
  response: RouteResponse,
  request: { readonly signal: AbortSignal },
): Promise<void> {
  const { status, body, headers, cookies, stream, cut } = response;
  if (cookies !== undefined) res.setHeader('set-cookie', cookies);
  if (stream !== undefined) {
    res.writeHead(status, headers);
    res.flushHeaders();
    cut?.addEventListener('abort', () => res.destroy());
    await sendStream(res, stream, request.signal);
  } else if (body === undefined) {
    res.writeHead(status, headers).end();
  } else {
    sendJson(res, status, body, 'application/json; charset=utf-8', headers);
  }
}

export const sendProblem = (res: ServerResponse, problem: ProblemParts): void =>
  sendJson(res, problem.status, problemBody(problem), 'application/problem+json', {
    'cache-control': 'no-store',
    ...problem.headers,
  });

function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  type: string,
  headers: Readonly<Record<string, string>> | undefined,
): void {
  const text = jsonOf(body);
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), ...headers });
  res.end(text);
}

async function sendStream(
  res: ServerResponse,
  stream: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const piece of stream) {
      if (signal.aborted) break;
      if (!res.write(piece)) await once(res, 'drain', { signal });
    }
  } catch (error) {
    // The status was sent before: only a cut connection can tell the client that the response is incomplete.
    if (signal.aborted) return;
    res.destroy();
    throw error;
  } finally {
    res.end();
  }
}
