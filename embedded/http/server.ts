import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { IMITATED_VERSION } from '../node-info/imitated-version.ts';
import type { NodeInfo } from '../node-info/node-info.ts';
import { statistics } from '../node-info/statistics.ts';
import { reasonToRejectForeign } from './foreign-request.ts';
import { INSPECTOR_PAGE, INSPECTOR_POLICY } from './pages/inspector.ts';
import type { AdminPages } from './pages/scavenge.ts';
import { streamFeed } from './pages/stream-feed.ts';

/** A page of the node's own, or undefined for one that it does not have. */
type Respond = (response: ServerResponse, url: URL) => void;

export interface HttpParts {
  /** Known once the port is. */
  info(): NodeInfo;
  /** What `/subscriptions` shows. */
  subscriptions(): readonly unknown[];
  /** Handles requests for scavenges. */
  readonly admin: AdminPages;
  /** Told in one sentence what a page failed on. */
  readonly onError?: ((sentence: string) => void) | undefined;
  readonly limits?: Partial<HttpLimits>;
}

/** Time limits of a client, in ms. */
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

/** Of a request only path and query count. */
const BASE = 'http://localhost';

/** Serves HTTP/1.1: health, information about the node, streams as JSON, and scavenges. */
export function createHttpServer(parts: HttpParts): Server {
  const pages = pagesOf(parts);
  const { idleMs, ...limits } = { ...HTTP_LIMITS, ...parts.limits };
  const server = createServer(limits, (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    const foreign = reasonToRejectForeign(request, parts.info().port);
    if (foreign !== undefined) return text(response, 403, foreign);
    const target = request.url ?? '/';
    if (!URL.canParse(target, BASE)) return empty(response, 400);
    const url = new URL(target, BASE);
    if (parts.admin(request, response, url)) return;
    const respond = pages.get(url.pathname) ?? streamPage(parts, url.pathname);
    if (respond === undefined) return empty(response, 404);
    if (!reads(request)) return empty(response, 405);
    try {
      respond(response, url);
    } catch (error) {
      // What one page cannot read, from a damaged file say, must not end the node.
      const reason = error instanceof Error ? error.message : String(error);
      parts.onError?.(`The page ${url.pathname} could not be shown: ${reason}`);
      text(response, 500, 'This page could not be shown.');
    }
  });
  server.timeout = idleMs;
  // This server never listens itself, but Node checks its time limits only after the event.
  server.emit('listening');
  return server;
}

const reads = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

function pagesOf({ info, subscriptions }: HttpParts): ReadonlyMap<string, Respond> {
  const toInspector: Respond = (response) => {
    response.writeHead(302, { location: '/web/index.html', 'content-type': 'text/plain' }).end();
  };
  return new Map<string, Respond>([
    ['/', toInspector],
    ['/web', toInspector],
    ['/web/', (response) => text(response, 404, 'The inspector is at /web/index.html.')],
    ['/web/index.html', (response) => inspector(response)],
    ['/health/live', (response, url) => empty(response, liveCode(url))],
    ['/info', (response) => json(response, nodeDescription())],
    ['/info/options', (response) => json(response, [])],
    ['/gossip', (response) => json(response, gossip(info()))],
    ['/stats', (response) => json(response, statistics(info()))],
    ['/subscriptions', (response) => json(response, subscriptions())],
    ['/ping', (response) => json(response, { text: 'Ping request successfully handled' })],
  ]);
}

/** Some probes want another code than 204: `?liveCode=200`. */
function liveCode(url: URL): number {
  const asked = Number(url.searchParams.get('liveCode') ?? 204);
  return Number.isInteger(asked) && asked >= 200 && asked < 600 ? asked : 204;
}

function streamPage({ info }: HttpParts, path: string): Respond | undefined {
  const [, encoded] = /^\/streams\/([^/]+)$/.exec(path) ?? [];
  if (encoded === undefined) return undefined;
  return (response) => {
    const { host, port, log } = info();
    const feed = streamFeed(log, decode(encoded), `http://${host}:${port}`);
    if (feed === undefined) empty(response, 404);
    else json(response, feed);
  };
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** AtomPub is false: this node serves only the newest page of a stream over HTTP. */
const nodeDescription = () => ({
  esVersion: IMITATED_VERSION,
  state: 'leader',
  features: { projections: false, userManagement: false, atomPub: false },
  authentication: { type: 'insecure', properties: [] },
});

function gossip({ instanceId, host, port, log }: NodeInfo) {
  const position = log.lastPosition();
  const member = {
    instanceId,
    timeStamp: new Date().toISOString(),
    state: 'Leader',
    isAlive: true,
    internalTcpIp: host,
    internalTcpPort: 0,
    internalSecureTcpPort: 0,
    externalTcpIp: host,
    externalTcpPort: 0,
    externalSecureTcpPort: 0,
    internalHttpEndPointIp: host,
    internalHttpEndPointPort: port,
    httpEndPointIp: host,
    httpEndPointPort: port,
    lastCommitPosition: position,
    writerCheckpoint: position,
    chaserCheckpoint: position,
    epochPosition: 0,
    epochNumber: 0,
    epochId: instanceId,
    nodePriority: 0,
    isReadOnlyReplica: false,
    esVersion: IMITATED_VERSION,
  };
  return { members: [member], serverIp: host, serverPort: port };
}

/** The page may load nothing from elsewhere and run nothing but its own script. */
const inspector = (response: ServerResponse): void => {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': INSPECTOR_POLICY,
    })
    .end(INSPECTOR_PAGE);
};

const empty = (response: ServerResponse, status: number): void => {
  response.writeHead(status).end();
};

const text = (response: ServerResponse, status: number, sentence: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(sentence);
};

const json = (response: ServerResponse, body: unknown): void => {
  // First, or what cannot be written as JSON would fail when the head is out already.
  const written = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json' }).end(written);
};
