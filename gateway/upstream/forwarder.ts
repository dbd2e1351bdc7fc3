import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { Stream } from 'node:stream';
import { createProxyServer, type ProxyServer } from 'httpxy';
import { sendBody } from '../responses/send-body.ts';
import type { ApiName } from '../routes/operations.ts';
import {
  ApiUnavailable,
  ConnectTooLate,
  NoResponse,
  OutcomeUnknown,
  ResponseTooLate,
  wasNotSent,
} from './errors.ts';
import { CONNECT_WITHIN_MS } from './try-to-connect.ts';
import type { Upstream } from './upstream.ts';

/** A request that is ready to be sent: its `url` and `headers` are those that the API gets. */
export interface Exchange {
  readonly api: ApiName;
  readonly body: Buffer | undefined;
  /** Writes status and headers of the response; the body follows. */
  readonly respond: (from: IncomingMessage) => void;
}

/** Longer than the longest wait of an API. */
const RESPOND_WITHIN_MS = 30_000;
/** A request is sent this often at most. */
const MAX_ATTEMPTS = 4;

interface Sending extends Exchange {
  cancel: () => void;
}

/** On the request itself: a `WeakMap` of all requests makes garbage collection expensive. */
const SENDING = Symbol('sending');
type SentRequest = IncomingMessage & { [SENDING]?: Sending };

/** Sends requests to the APIs and streams the responses back. The library `httpxy` carries the messages. */
export class Forwarder {
  readonly #upstreams: Readonly<Record<ApiName, Upstream>>;
  readonly #proxy: ProxyServer = createProxyServer({ selfHandleResponse: true });
  readonly #respondWithinMs: number;

  constructor(upstreams: Readonly<Record<ApiName, Upstream>>, respondWithinMs = RESPOND_WITHIN_MS) {
    this.#upstreams = upstreams;
    this.#respondWithinMs = respondWithinMs;
    this.#proxy.on('proxyReq', (proxyReq, req) => this.#limitTime(proxyReq, req));
    this.#proxy.on('proxyRes', (proxyRes, req, res) => this.#respond(proxyRes, req, res));
  }

  /**
   * Resolves when the response has ended, also when it was cut off: then the client's connection is cut off too. Sends a
   * request again only when it was certainly not sent before, or when repeating it changes nothing. Throws
   * `ApiUnavailable`, `OutcomeUnknown` or `NoResponse`.
   */
  async forward(req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    const { api } = exchange;
    const upstream = this.#upstreams[api];
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#send(req, res, exchange, upstream);
      } catch (error) {
        if (res.destroyed) return;
        if (res.headersSent) return void res.destroy();
        if (wasNotSent(error)) {
          if (attempt >= MAX_ATTEMPTS || !(await upstream.returns())) throw new ApiUnavailable(api);
        } else if (!isRepeatable(req)) throw new OutcomeUnknown(api);
        else if (attempt >= MAX_ATTEMPTS || error instanceof ResponseTooLate) throw new NoResponse(api);
        if (res.destroyed) return;
      }
    }
  }

  async #send(
    req: IncomingMessage,
    res: ServerResponse,
    exchange: Exchange,
    upstream: Upstream,
  ): Promise<void> {
    const sending = { ...exchange, cancel: () => {} };
    (req as SentRequest)[SENDING] = sending;
    try {
      const { url: target, agent } = upstream;
      await this.#proxy.web(req, res, { target, agent, buffer: new WholeBody(exchange.body) });
    } finally {
      sending.cancel();
    }
  }

  #limitTime(proxyReq: ClientRequest, req: IncomingMessage): void {
    const sending = (req as SentRequest)[SENDING];
    if (sending === undefined) return;
    const { socket } = proxyReq;
    const late = setTimeout(() => proxyReq.destroy(new ResponseTooLate()), this.#respondWithinMs);
    let unconnected: NodeJS.Timeout | undefined;
    if (socket?.connecting) {
      unconnected = setTimeout(() => proxyReq.destroy(new ConnectTooLate()), CONNECT_WITHIN_MS);
      socket.once('connect', () => clearTimeout(unconnected));
    }
    sending.cancel = () => {
      clearTimeout(late);
      clearTimeout(unconnected);
    };
  }

  #respond(proxyRes: IncomingMessage, req: IncomingMessage, res: ServerResponse): void {
    const sending = (req as SentRequest)[SENDING];
    sending?.cancel();
    try {
      sending?.respond(proxyRes);
      sendBody(proxyRes, res);
    } catch (error) {
      // In an event handler, an error would end the process. The cut connection fails the request.
      proxyRes.destroy(error as Error);
    }
  }
}

/** Returns whether carrying the request out twice has the effect of once. */
function isRepeatable({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD' || typeof headers['idempotency-key'] === 'string';
}

/** A body that `httpxy` can pipe. The API gets head and body in one packet; a `Readable` would cost several times as much. */
class WholeBody extends Stream {
  readonly #body: Buffer | undefined;

  constructor(body: Buffer | undefined) {
    super();
    this.#body = body;
  }

  override pipe<To extends NodeJS.WritableStream>(to: To): To {
    if (this.#body === undefined) to.end();
    else to.end(this.#body);
    return to;
  }
}
