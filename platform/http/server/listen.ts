import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { httpUrl } from '../../config/addresses.ts';
import type { AccessLog } from '../../logging/access-log.ts';
import { requestIdFrom } from '../request/trace-headers.ts';
import { problemBody } from '../response/problems.ts';
import { Connections } from './connections.ts';
import { withCors } from './cors.ts';
import { logRequests } from './log-requests.ts';

/** The port is in use, or the address is not one of this machine. The message says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';

  constructor(host: string, port: number, code: string, setting: string | undefined) {
    const choose = setting === undefined ? 'choose another port' : `choose another port with ${setting}`;
    super(
      code === 'EADDRINUSE'
        ? `${host}:${port} is already in use: stop the program that has it, or ${choose}`
        : `cannot listen on ${host}:${port} (${code}): ${code === 'EACCES' ? choose : 'choose another HOST'}`,
    );
  }
}

export interface Listening {
  readonly port: number;
  /** `http://127.0.0.1:3001` */
  readonly url: string;
  /** Accepts no more requests, and cuts off those in flight after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** Time limits of a client in milliseconds. A slow client occupies a connection and nothing else. */
const defaultTimeouts = {
  headersTimeout: 10_000,
  /** Including the body. */
  requestTimeout: 20_000,
  connectionsCheckingInterval: 1_000,
};
const IDLE_TIMEOUT_MS = 70_000;

interface ListenOptions {
  /** Receives every request; requests are not logged when absent. */
  readonly accessLog?: AccessLog | undefined;
  /** Origins whose pages may read responses, also those of rejected requests; none when absent. */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
  /** The environment variable of the port, for the error message. */
  readonly setting?: string;
  /** Maximum of open connections, default 4,000. See `Connections` for the behaviour beyond it. */
  readonly maxConnections?: number;
  readonly timeouts?: Partial<typeof defaultTimeouts>;
  /** Maximum milliseconds without traffic in either direction; default 70 s. Streams send heartbeats. */
  readonly idleTimeoutMs?: number;
}

/** Starts an HTTP server. Rejects with `CannotListen`. */
export function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { host, port, setting, maxConnections = 4_000, accessLog, corsOrigins = [] } = options;
  const connections = new Connections(maxConnections);
  // Before express, where these cost less than as a middleware; they apply to rejected requests too.
  const serve = withHeaders(logRequests(accessLog, withCors(corsOrigins, connections.guard(app))));
  const server = createServer(
    // Longer than proxies keep a connection; else they would send into one that is being closed.
    { keepAliveTimeout: 65_000, ...defaultTimeouts, ...options.timeouts },
    serve,
  );
  // An unknown `Expect` header is ignored; Node would respond by itself.
  server.on('checkExpectation', serve);
  connections.limit(server);
  server.setTimeout(options.idleTimeoutMs ?? IDLE_TIMEOUT_MS);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    respondToBadHttp(error, socket as Socket, accessLog),
  );
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotListen(host, port, error.code ?? error.message, setting)),
    );
    // With a shorter backlog, the operating system would silently drop connections of a burst.
    server.listen({ port, host, backlog: maxConnections }, () => {
      const address = server.address();
      const actual = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        port: actual,
        url: httpUrl(host, actual),
        close: (graceMs = 5_000) => close(server, graceMs),
      });
    });
  });
}

const withHeaders =
  (serve: RequestListener): RequestListener =>
  (request, response) => {
    response.setHeader('x-request-id', requestIdFrom(request.headers['x-request-id']));
    response.setHeader('x-content-type-options', 'nosniff');
    serve(request, response);
  };

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // Connections without a request would stay open for the next one.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const SWEEP_EVERY_MS = 20;

const badHttp: Readonly<Record<string, readonly [status: number, title: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Headers too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Too slow'],
};

/** Milliseconds until a connection is destroyed whose client does not close it. */
const LINGER_MS = 1_000;
/** Connections that got their last response; further data on them is ignored. */
const lingering = new WeakSet<Socket>();

/**
 * Responds to input that is not HTTP, which never reaches the app. Ends the connection: Node no longer limits its time, and
 * a request that was completed later would be carried out although its client got an error.
 */
function respondToBadHttp(error: NodeJS.ErrnoException, socket: Socket, accessLog?: AccessLog): void {
  if (lingering.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, title] = badHttp[error.code ?? ''] ?? [400, 'Not a valid HTTP request'];
  const requestId = randomUUID();
  accessLog?.({ method: '-', route: 'other', status, durationMs: 0, requestId });
  const response = badHttpResponse(status, title, requestId);
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.write(response);
    // At once, like Node: the operating system has the response by now, or the client does not read.
    socket.destroy();
  } else {
    // Not at once: unread data of the client would reset the connection before the response arrives.
    lingering.add(socket);
    socket.end(response);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }
}

function badHttpResponse(status: number, title: string, requestId: string): string {
  const body = JSON.stringify(problemBody({ status, code: 'bad-http', title }));
  return (
    `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n` +
    `x-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}
