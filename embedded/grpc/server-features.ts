import serviceOf from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { IMITATED_VERSION } from '../node-info/imitated-version.ts';

const { SupportedMethod, SupportedMethods } = features;

const PERSISTENT = 'event_store.client.persistent_subscriptions.persistentsubscriptions';
const STREAMS = 'event_store.client.streams.streams';

/** Only the methods and features that this node has. */
const METHODS: readonly (readonly [service: string, method: string, ...features: string[]])[] = [
  ['event_store.client.gossip.gossip', 'read'],
  ['event_store.client.monitoring.monitoring', 'stats'],
  ['event_store.client.operations.operations', 'restartpersistentsubscriptions'],
  ['event_store.client.operations.operations', 'shutdown'],
  ['event_store.client.operations.operations', 'startscavenge'],
  ['event_store.client.operations.operations', 'stopscavenge'],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods'],
  [STREAMS, 'append'],
  [STREAMS, 'batchappend', 'deadline_duration'],
  [STREAMS, 'delete'],
  [STREAMS, 'read', 'position', 'events'],
  [STREAMS, 'tombstone'],
  ...['create', 'update', 'delete', 'read', 'getinfo', 'list', 'replayparked', 'restartsubsystem'].map(
    (method) => [PERSISTENT, method, 'stream', 'all'] as const,
  ),
];

export const featuresService = serviceOf.ServerFeaturesService;

/** Responds with the version and the methods, from which clients choose their calls. */
export const getSupportedMethods: handleUnaryCall<shared.Empty, features.SupportedMethods> = (
  _,
  callback,
) => {
  const methods = METHODS.map(([service, method, ...names]) =>
    new SupportedMethod().setServiceName(service).setMethodName(method).setFeaturesList(names),
  );
  const message = new SupportedMethods().setEventStoreServerVersion(IMITATED_VERSION).setMethodsList(methods);
  callback(null, message);
};
