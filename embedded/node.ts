import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import grpc from '@grpc/grpc-js';
import { createScavengeCalls } from './grpc/operations/scavenge-calls.ts';
import { createGrpcServer } from './grpc/server.ts';
import { LiveEvents } from './grpc/streams/subscribe/live-events.ts';
import { createScavengePages } from './http/pages/scavenge.ts';
import { summaryOf } from './http/pages/subscription-summary.ts';
import { createHttpServer } from './http/server.ts';
import { checkLoopback, listen, trackSockets } from './network/listen.ts';
import { createSharedPort } from './network/shared-port.ts';
import { createNodeInfo } from './node-info/node-info.ts';
import { PersistentSubscriptions } from './persistent-subscriptions/persistent-subscriptions.ts';
import { Scavenges } from './scavenging/scavenges.ts';
import type { Schedule } from './scavenging/schedule.ts';
import { type LogLocation, openEventLog } from './storage/sqlite-log.ts';

export type EmbeddedNodeOptions = LogLocation & {
  /** 0 for any free port. */
  readonly port: number;
  /** A loopback address; 127.0.0.1 by default. */
  readonly host?: string;
  /** Called with one sentence when a write to the disk fails, a page fails, or a scavenge fails. */
  readonly onError?: (sentence: string) => void;
  /** Changes of the default schedule of scavenges. */
  readonly scavengeSchedule?: Partial<Schedule>;
};

export interface EmbeddedNode {
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  /** Resolves when the node has stopped, also after a `Shutdown` call of a client. */
  readonly stopped: Promise<void>;
  /** Rejects new calls, ends the running ones, and closes the log. */
  stop(): Promise<void>;
}

/**
 * Starts a node that serves EventStoreDB's gRPC services and its HTTP/1.1 pages on one port.
 * @throws {LogUnavailable} when the folder's log cannot be opened
 * @throws {PortUnavailable} when the port cannot be bound
 */
export async function startEmbeddedNode(options: EmbeddedNodeOptions): Promise<EmbeddedNode> {
  const { port, host = '127.0.0.1', onError = () => {} } = options;
  checkLoopback(host, port);
  const log = openEventLog(options, onError);
  const live = new LiveEvents(log);
  const subscriptions = new PersistentSubscriptions(log);
  let info = createNodeInfo(host, port, log);
  const scavenges = new Scavenges({
    log,
    nodeEndpoint: () => `${info.host}:${info.port}`,
    onError,
    schedule: options.scavengeSchedule,
  });
  const closeLog = async () => {
    live.close();
    await subscriptions.close();
    await scavenges.close();
    await log.close();
  };

  let stopping: Promise<void> | undefined;
  const { promise: stopped, resolve: resolveStopped } = withResolvers();
  const stop = () => {
    stopping ??= closeServers(shared, http, server, sockets).then(closeLog).finally(resolveStopped);
    return stopping;
  };
  const server = createGrpcServer({
    log,
    live,
    info: () => info,
    subscriptions,
    operations: {
      shutDown: () => void stop(),
      restartPersistentSubscriptions: () => subscriptions.restart(),
      ...createScavengeCalls(scavenges),
    },
  });
  const http = createHttpServer({
    info: () => info,
    subscriptions: () => [...subscriptions.all()].map(summaryOf),
    scavengePages: createScavengePages(scavenges),
    onError,
  });
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const shared = createSharedPort({
    http2: (socket) => injector.injectConnection(socket),
    http1: (socket) => http.emit('connection', socket),
  });
  const sockets = trackSockets(shared);

  try {
    info = createNodeInfo(host, await listen(shared, host, port), log);
  } catch (error) {
    await closeLog();
    throw error;
  }
  scavenges.open();
  const url = host.includes(':') ? `[${host}]` : host;
  return { port: info.port, connectionString: `esdb://${url}:${info.port}?tls=false`, stopped, stop };
}

/** Ends the calls of clients with `UNAVAILABLE`, as when a real node stops. */
async function closeServers(
  shared: NetServer,
  http: HttpServer,
  server: grpc.Server,
  sockets: ReadonlySet<Socket>,
): Promise<void> {
  const closed = once(shared, 'close');
  shared.close();
  server.forceShutdown();
  http.close();
  http.closeAllConnections();
  for (const socket of sockets) socket.destroy();
  await closed;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
