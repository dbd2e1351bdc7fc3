import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { watchedPaths } from './health.ts';
import { refuse } from './refuse.ts';

/**
 * Bounds a server's connections. A connection without a request gives way to a new one, the one that has been idle for
 * longest first. While every connection has a request, new ones are beyond the limit: only health and metrics are
 * answered there.
 */
export class Connections {
  readonly #most: number;
  readonly #open = new Set<Socket>();
  /** Requests that are being answered, by connection. */
  readonly #requests = new Map<Socket, number>();
  /** Connections without a request, in the order in which they became so. */
  readonly #idle = new Set<Socket>();
  readonly #beyond = new Set<Socket>();

  constructor(most: number) {
    this.#most = most;
  }

  limit(server: Server): void {
    // A last resort: connections that were cut off take a moment to be gone.
    server.maxConnections = 3 * this.#most;
    server.on('connection', (socket: Socket) => {
      if (this.#open.size - this.#beyond.size >= this.#most && !this.#cutFirst(this.#idle))
        this.#putBeyond(socket);
      else this.#idle.add(socket);
      this.#open.add(socket);
      socket.once('close', () => this.#forget(socket));
    });
  }

  /** Returns `serve` for requests within the limit, and for those that are answered beyond it. */
  guard(serve: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      if (this.#beyond.has(socket) && !this.#takeIn(socket)) {
        if (!watchedPaths.includes(request.url ?? '')) return refuse(response, { connection: 'close' });
        response.setHeader('connection', 'close');
        // It is no longer silent: others give way before it.
        this.#beyond.delete(socket);
        this.#beyond.add(socket);
        return serve(request, response);
      }
      this.#idle.delete(socket);
      this.#requests.set(socket, (this.#requests.get(socket) ?? 0) + 1);
      response.once('close', () => this.#answered(socket));
      serve(request, response);
    };
  }

  #answered(socket: Socket): void {
    const others = (this.#requests.get(socket) ?? 1) - 1;
    if (others > 0) {
      this.#requests.set(socket, others);
      return;
    }
    this.#requests.delete(socket);
    if (this.#open.has(socket)) this.#idle.add(socket);
  }

  /** Beyond the limit there is as much room again; silent connections give way there too. */
  #putBeyond(socket: Socket): void {
    if (this.#beyond.size >= this.#most) this.#cutFirst(this.#beyond);
    this.#beyond.add(socket);
  }

  /** Whether there is room within the limit by now. */
  #takeIn(socket: Socket): boolean {
    if (this.#open.size - this.#beyond.size >= this.#most) return false;
    return this.#beyond.delete(socket);
  }

  #cutFirst(sockets: ReadonlySet<Socket>): boolean {
    const [first] = sockets;
    if (first === undefined) return false;
    this.#forget(first);
    first.destroy();
    return true;
  }

  #forget(socket: Socket): void {
    this.#open.delete(socket);
    this.#idle.delete(socket);
    this.#beyond.delete(socket);
    this.#requests.delete(socket);
  }
}
