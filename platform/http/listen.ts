import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { problemBody } from './problems.ts';

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
        : `cannot listen on ${host}:${port} (${code}): ${choose}, or another HOST`,
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

export interface ListenOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The variable that sets the port, for the message when it is taken. */
  readonly setting?: string;
}

/** Rejects with `CannotListen`. */
export function listen(app: Express, { host, port, setting }: ListenOptions): Promise<Listening> {
  // Longer than proxies keep idle connections, or they would send into one that is just being closed.
  const server = createServer({ keepAliveTimeout: 65_000 }, app);
  server.on('clientError', answerBadHttp);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotListen(host, port, error.code ?? error.message, setting)),
    );
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === 'object' && address !== null ? address.port : port;
      const shown = host.includes(':') ? `[${host}]` : host;
      resolve({
        port: actual,
        url: `http://${shown}:${actual}`,
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

/** What does not even parse as HTTP never reaches the app. */
function answerBadHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, title] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Headers too large'] : [400, 'Not a valid HTTP request'];
  const body = JSON.stringify(problemBody({ status, code: 'bad-http', title }));
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
