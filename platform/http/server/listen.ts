import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { httpUrl } from '../../config/addresses.ts';
import type { AccessLog } from '../../logging/access-log.ts';
import { problemBody } from '../response/problems.ts';
import { Connections } from './connections.ts';
import { type MiddlewareOptions, withMiddleware } from './middleware.ts';

/** The port is taken, or the address is not of this machine: one sentence that says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly host: string;
  readonly port: number;
  readonly code: string;

  constructor(host: string, port: number, code: string, setting: string | undefined) {
    const choose = setting === undefined ? 'choose another port' : `choose another port with ${setting}`;
    super(
      code === 'EADDRINUSE'
        ? `${host}:${port} is already in use: stop the program that has it, or ${choose}`
        : `cannot listen on ${host}:${port} (${code}): ${code === 'EACCES' ? choose : 'choose another HOST'}`,
    );
    this.host = host;
    this.port = port;
    this.code = code;
  }
}

export interface Listening {
  readonly port: number;
  /** `http://127.0.0.1:3001` */
  readonly url: string;
  /** Takes no more requests, lets those under way end for so long, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/** How long clients may take, in ms, before they are cut off: a slow one holds a connection and nothing else. */
const defaultPatience = {
  headersTimeout: 10_000,
  /** The body included. */
  requestTimeout: 20_000,
  connectionsCheckingInterval: 1_000,
};
/** A connection on which nothing moves, in either direction: streams say now and then that they are there. */
const silenceMs = 70_000;

export interface ListenOptions extends MiddlewareOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The variable that sets the port, for the message when it is taken. */
  readonly setting?: string;
  /** Maximum of open connections, default 4,000. See `Connections` for what happens beyond. */
  readonly maxConnections?: number;
  readonly patience?: Partial<typeof defaultPatience>;
}

/** Rejects with `CannotListen`. */
export function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { host, port, setting, maxConnections = 4_000 } = options;
  const connections = new Connections(maxConnections);
  const serve = withMiddleware(connections.guard(app), options);
  const server = createServer(
    // Kept longer than by proxies, or they would send into one that is just being closed.
    { keepAliveTimeout: 65_000, ...defaultPatience, ...options.patience },
    serve,
  );
  // Whatever else somebody expects is passed over: Node would answer for itself.
  server.on('checkExpectation', serve);
  connections.limit(server);
  server.setTimeout(silenceMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    answerBadHttp(error, socket as Socket, options.accessLog),
  );
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotListen(host, port, error.code ?? error.message, setting)),
    );
    // As many may knock at once as may be let in, or the system would turn some of them away without a word.
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

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose last answer is given stays open for the next request: none will be taken.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const sweepMs = 20;

const badHttp: Readonly<Record<string, readonly [status: number, title: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Headers too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Too slow'],
};

/** For whoever does not hang up after an answer that ends the connection. */
const LINGER_MS = 1_000;
/** Answered; whatever still comes is read, and is one fault more. */
const lingering = new WeakSet<Socket>();

/**
 * What does not even parse as HTTP never reaches the app. The connection is over with the answer: Node has stopped watching
 * it, and what came later would be read and carried out although its sender was told that it is not.
 */
function answerBadHttp(error: NodeJS.ErrnoException, socket: Socket, accessLog?: AccessLog): void {
  if (lingering.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, title] = badHttp[error.code ?? ''] ?? [400, 'Not a valid HTTP request'];
  const requestId = randomUUID();
  accessLog?.({ method: '-', route: 'other', status, durationMs: 0, requestId });
  const answer = badHttpAnswer(status, title, requestId);
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.write(answer);
    // At once, as Node would: the system has the answer by now, or else nobody is reading.
    socket.destroy();
  } else {
    // Closed at once, it would be cut before the answer is through, for what was sent and is not read: a moment is given to it.
    lingering.add(socket);
    socket.end(answer);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }
}

function badHttpAnswer(status: number, title: string, requestId: string): string {
  const body = JSON.stringify(problemBody({ status, code: 'bad-http', title }));
  return (
    `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n` +
    `x-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}
