import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request that an API got. */
export interface Got {
  readonly method: string;
  readonly url: string;
  /** By lower-case name. */
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export type Answer = (got: Got, res: ServerResponse, req: IncomingMessage) => void;

const ok: Answer = (_got, res) =>
  res.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');

/** A server in place of an API: it records the requests, and responds as the test says. */
export class FakeApi {
  readonly got: Got[] = [];
  answer: Answer = ok;
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<FakeApi> {
    const api = new FakeApi();
    await api.start();
    return api;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}`);
  }

  /** The last request. */
  get last(): Got {
    const last = this.got.at(-1);
    if (last === undefined) throw new Error('the API got no request');
    return last;
  }

  /** Listens, after a stop on the same port again. */
  async start(): Promise<void> {
    this.#server = createServer((req, res) => void this.#serve(req, res));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops at once, as a killed process does. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req).catch(() => undefined);
    if (body === undefined) return;
    const { method = '', url = '', headers, rawHeaders } = req;
    const got = { method, url, headers, rawHeaders, body: body.toString() };
    this.got.push(got);
    this.answer(got, res, req);
  }
}
