import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { refuse } from './refuse.ts';

/** Counts a server's connections, and tells those beyond so many. */
export class Connections {
  readonly #most: number;
  readonly #beyond = new WeakSet<Socket>();
  #open = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Requests on a connection beyond are answered 503, and it is closed; twice as many are not even accepted. */
  limit(server: Server): void {
    server.maxConnections = 2 * this.#most;
    server.on('connection', (socket: Socket) => {
      this.#open += 1;
      if (this.#open > this.#most) this.#beyond.add(socket);
      socket.once('close', () => {
        this.#open -= 1;
      });
    });
  }

  /** `serve` for what comes on one of the first connections. */
  guard(serve: RequestListener): RequestListener {
    return (request, response) => {
      if (this.#open > this.#most && this.#beyond.has(request.socket))
        refuse(request, response, { connection: 'close' });
      else serve(request, response);
    };
  }
}
