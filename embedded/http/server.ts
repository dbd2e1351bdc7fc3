import { createServer, type IncomingMessage, type Server } from 'node:http';
import { messageOf } from '../error-message.ts';
import { reasonToRejectForeign } from './foreign-request.ts';
import { createRoutes, type RouteOptions } from './pages/routes.ts';
import type { ScavengePages } from './pages/scavenge.ts';
import { sendEmpty, sendText } from './responses.ts';

export interface HttpServerOptions extends RouteOptions {
  /** Handles requests for scavenges, the only ones that are not GET. */
  readonly scavengePages: ScavengePages;
  /** Called with one sentence when a page fails. */
  readonly onError?: ((sentence: string) => void) | undefined;
  readonly limits?: Partial<HttpLimits>;
}

/** Time limits for a client, in ms. */
export interface HttpLimits {
  readonly headersTimeout: number;
  /** Time for a whole request with its body. */
  readonly requestTimeout: number;
  /** Idle time between two requests of one connection. */
  readonly keepAliveTimeout: number;
  readonly connectionsCheckingInterval: number;
  /** Time without traffic on a connection, in either direction. */
  readonly idleMs: number;
}

const HTTP_LIMITS: HttpLimits = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  idleMs: 70_000,
};

/** Makes a request's path an absolute URL; only its path and query are used. */
const BASE = 'http://localhost';

/** Creates the HTTP/1.1 server: health, information about the node, streams as JSON, and scavenges. */
export function createHttpServer(options: HttpServerOptions): Server {
  const findPage = createRoutes(options);
  const { idleMs, ...limits } = { ...HTTP_LIMITS, ...options.limits };
  const server = createServer(limits, (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    const rejection = reasonToRejectForeign(request, options.info().port);
    if (rejection !== undefined) return sendText(response, 403, rejection);
    const target = request.url ?? '/';
    if (!URL.canParse(target, BASE)) return sendEmpty(response, 400);
    const url = new URL(target, BASE);
    if (options.scavengePages(request, response, url)) return;
    const page = findPage(url.pathname);
    if (page === undefined) return sendEmpty(response, 404);
    if (!isRead(request)) return sendEmpty(response, 405);
    try {
      page(response, url);
    } catch (error) {
      // A page that fails, for example on a damaged file, must not crash the node.
      const reason = messageOf(error);
      options.onError?.(`The page ${url.pathname} failed: ${reason}`);
      sendText(response, 500, 'The node could not show this page.');
    }
  });
  server.timeout = idleMs;
  // This server never listens itself, but Node starts to check the time limits only after this event.
  server.emit('listening');
  return server;
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';
