import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

export interface FakeResponse {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly text?: string;
  readonly headers?: Record<string, string>;
}
export type Handler = (
  request: ReceivedRequest,
  response: ServerResponse,
) => FakeResponse | 'hang up' | 'handled';

/** An HTTP server that answers as a spec says, and records all requests. */
export interface FakeGateway {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Answers all requests from now on. */
  answerWith(handler: Handler): void;
  close(): Promise<void>;
}

export async function startFakeGateway(): Promise<FakeGateway> {
  const requests: ReceivedRequest[] = [];
  let handler: Handler = () => ({ status: 404, body: { title: 'Not found' } });
  const server = createServer(async (req, res) => {
    const sent = await text(req);
    const { method = '', url = '', headers } = req;
    const request = { method, url, headers, body: sent === '' ? undefined : JSON.parse(sent) };
    requests.push(request);
    const answer = handler(request, res);
    if (answer === 'hang up') return void res.destroy();
    if (answer === 'handled') return;
    const body = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
    res.writeHead(answer.status ?? 200, answer.headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answerWith: (next) => {
      handler = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
