import grpc from '@grpc/grpc-js';
import type { NodeInfo } from '../node-info/node-info.ts';
import type { PersistentSubscriptions } from '../persistent-subscriptions/persistent-subscriptions.ts';
import { createGossip, gossipService } from './gossip.ts';
import { createMonitoring, monitoringService } from './monitoring.ts';
import { createOperations, type Operations, operationsService } from './operations/service.ts';
import {
  createPersistentSubscriptionsCalls,
  persistentSubscriptionsService,
} from './persistent-subscriptions/service.ts';
import { featuresService, getSupportedMethods } from './server-features.ts';
import { createStreamsCalls, type StreamsOptions, streamsService } from './streams/service.ts';
import { unimplementedServices } from './unimplemented.ts';

/** More than the largest append; a larger message is rejected before it is read. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

export interface GrpcServerOptions extends StreamsOptions {
  /** Called for each request, since the port is known only after the node listens. */
  readonly info: () => NodeInfo;
  readonly subscriptions: PersistentSubscriptions;
  readonly operations: Operations;
}

/** Creates a gRPC server with all services of the node. It does not listen itself. */
export function createGrpcServer({
  log,
  live,
  info,
  subscriptions,
  operations,
}: GrpcServerOptions): grpc.Server {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc-node.max_session_memory': Number.MAX_SAFE_INTEGER,
    'grpc.enable_channelz': 0,
  });
  server.addService(streamsService, createStreamsCalls({ log, live }));
  server.addService(persistentSubscriptionsService, createPersistentSubscriptionsCalls(subscriptions));
  server.addService(featuresService, { getSupportedMethods });
  server.addService(gossipService, createGossip(info));
  server.addService(monitoringService, createMonitoring(info));
  server.addService(operationsService, createOperations(operations));
  for (const [service, implementation] of unimplementedServices) server.addService(service, implementation);
  return server;
}
