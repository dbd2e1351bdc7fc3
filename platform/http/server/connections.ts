import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { sendOverloaded } from '../limits/shed-load.ts';
import { monitoringPaths } from '../monitoring/health.ts';

/**
 * Limits the connections of a server. At the limit, a new connection replaces the one that has been idle for longest.
 * While every connection has a request, new ones are accepted beyond the limit, for health and metrics only.
 */
export class Connections {
  readonly #max: number;
  readonly #open = new Set<Socket>();
  /** Number of requests in flight, by connection. */
  readonly #requests = new Map<Socket, number>();
  /** Connections without a request, the longest idle first. */
  readonly #idle = new Set<Socket>();
  readonly #beyond = new Set<Socket>();

  constructor(max: number) {
    this.#max = max;
  }

  limit(server: Server): void {
    // Last resort: closed connections take a moment to disappear.
    server.maxConnections = 3 * this.#max;
    server.on('connection', (socket: Socket) => {
      if (this.#open.size - this.#beyond.size >= this.#max && !this.#cutFirst(this.#idle))
        this.#addBeyond(socket);
      else this.#idle.add(socket);
      this.#open.add(socket);
      socket.once('close', () => this.#forget(socket));
    });
  }

  /** Wraps `serve`: beyond the limit, it answers only health and metrics. */
  guard(serve: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      if (this.#beyond.has(socket) && !this.#moveWithinLimit(socket)) {
        if (!monitoringPaths.includes(request.url ?? ''))
          return sendOverloaded(response, { connection: 'close' });
        response.setHeader('connection', 'close');
        // No longer idle: other connections are closed before it.
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

  /** Beyond the limit as many connections fit again; there too, idle ones are closed first. */
  #addBeyond(socket: Socket): void {
    if (this.#beyond.size >= this.#max) this.#cutFirst(this.#beyond);
    this.#beyond.add(socket);
  }

  /** Returns whether there is room within the limit now. */
  #moveWithinLimit(socket: Socket): boolean {
    if (this.#open.size - this.#beyond.size >= this.#max) return false;
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
