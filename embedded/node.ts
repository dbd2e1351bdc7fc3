import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import grpc from '@grpc/grpc-js';
import { gossipService, handleGossip } from './grpc/gossip.ts';
import { handleStats, monitoringService } from './grpc/monitoring.ts';
import { createScavengeCalls } from './grpc/operations/scavenge-calls.ts';
import { createOperations, operationsService } from './grpc/operations/service.ts';
import { createPersistentSubscriptions } from './grpc/persistent-subscriptions/service.ts';
import { featuresService, getSupportedMethods } from './grpc/server-features.ts';
import { createStreamsService } from './grpc/streams/service.ts';
import { unimplementedServices } from './grpc/unimplemented.ts';
import { createScavengePages } from './http/pages/scavenge.ts';
import { createHttpServer } from './http/server.ts';
import { PortUnavailable } from './network/port-unavailable.ts';
import { createSharedPort } from './network/shared-port.ts';
import { createNodeInfo } from './node-info/node-info.ts';
import { Scavenges } from './scavenging/scavenges.ts';
import type { LogLocation } from './storage/sqlite-log.ts';
import { openEventLog } from './storage/sqlite-log.ts';

export type EmbeddedNodeOptions = LogLocation & {
  /** 0 for any free port. */
  readonly port: number;
  /** A loopback address; 127.0.0.1 by default. */
  readonly host?: string;
  /** Called with one sentence when a write to the disk fails, a page fails, or a scavenge fails. */
  readonly onError?: (sentence: string) => void;
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

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;
/** More than the largest append; a larger message is rejected before it is read. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/**
 * Starts a node that serves EventStoreDB's gRPC services and its HTTP/1.1 pages on one port.
 * @throws {LogUnavailable} when the folder's log cannot be opened
 * @throws {PortUnavailable} when the port cannot be bound
 */
export async function startEmbeddedNode(options: EmbeddedNodeOptions): Promise<EmbeddedNode> {
  const { port, host = '127.0.0.1' } = options;
  if (!LOOPBACK.test(host))
    throw new PortUnavailable(host, port, 'the node listens on loopback addresses only.');
  const log = openEventLog(options, options.onError);
  const streams = createStreamsService(log);
  const persistent = createPersistentSubscriptions(log);
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc-node.max_session_memory': Number.MAX_SAFE_INTEGER,
    'grpc.enable_channelz': 0,
  });
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  let info = createNodeInfo(host, port, log);
  const scavenges = new Scavenges({
    log,
    nodeEndpoint: () => `${info.host}:${info.port}`,
    onError: options.onError ?? (() => {}),
  });
  const http = createHttpServer({
    info: () => info,
    subscriptions: () => persistent.describe(),
    scavengePages: createScavengePages(scavenges),
    onError: options.onError,
  });
  const sockets = new Set<Socket>();
  const shared = createSharedPort({
    http2: (socket) => injector.injectConnection(socket),
    http1: (socket) => http.emit('connection', socket),
  });
  shared.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const closeAll = async () => {
    streams.close();
    await persistent.close();
    await scavenges.close();
    await log.close();
  };
  try {
    await listen(shared, host, port);
  } catch (error) {
    await closeAll();
    throw new PortUnavailable(host, port, reasonOf(error), error);
  }
  info = createNodeInfo(host, (shared.address() as AddressInfo).port, log);
  scavenges.open();

  let stopping: Promise<void> | undefined;
  const { promise: stopped, resolve: resolveStopped } = withResolvers();
  const stop = () => {
    stopping ??= stopAll(shared, http, server, sockets, closeAll).finally(resolveStopped);
    return stopping;
  };

  const operations = createOperations({
    shutDown: () => void stop(),
    restartPersistentSubscriptions: () => persistent.restart(),
    ...createScavengeCalls(scavenges),
  });
  server.addService(streams.service, streams.implementation);
  server.addService(persistent.service, persistent.implementation);
  server.addService(featuresService, { getSupportedMethods });
  server.addService(gossipService, {
    read: (...call: Parameters<ReturnType<typeof handleGossip>>) => handleGossip(info)(...call),
  });
  server.addService(monitoringService, {
    stats: (...call: Parameters<ReturnType<typeof handleStats>>) => handleStats(info)(...call),
  });
  server.addService(operationsService, operations);
  for (const [service, implementation] of unimplementedServices) server.addService(service, implementation);

  const url = host.includes(':') ? `[${host}]` : host;
  return { port: info.port, connectionString: `esdb://${url}:${info.port}?tls=false`, stopped, stop };
}

async function listen(server: NetServer, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}

/** The calls of clients end with `UNAVAILABLE`, as when a real node stops. */
async function stopAll(
  shared: NetServer,
  http: HttpServer,
  server: grpc.Server,
  sockets: ReadonlySet<Socket>,
  closeAll: () => Promise<void>,
): Promise<void> {
  const closed = once(shared, 'close');
  shared.close();
  server.forceShutdown();
  http.close();
  http.closeAllConnections();
  for (const socket of sockets) socket.destroy();
  await closed;
  await closeAll();
}

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'another program uses this port.';
  if (code === 'EACCES') return 'this user may not use this port.';
  return error instanceof Error ? error.message : String(error);
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
