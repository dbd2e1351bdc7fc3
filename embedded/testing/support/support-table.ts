import { EventStoreDBClient } from '@eventstore/db-client';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import monitoring from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import projections from '@eventstore/db-client/generated/projections_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { startEmbeddedNode } from '../../node.ts';
import { frame, rawCall, rawConnection } from '../raw-grpc.ts';
import { CLIENT_CALLS } from './client-calls.ts';

const SERVICES: readonly ServiceDefinition[] = [
  streams.StreamsService,
  persistent.PersistentSubscriptionsService,
  features.ServerFeaturesService,
  gossip.GossipService,
  monitoring.MonitoringService,
  operations.OperationsService,
  projections.ProjectionsService,
  users.UsersService,
];
const UNIMPLEMENTED = '12';

/** Calls each method of the client and each gRPC method of a node; returns Markdown tables of which are supported. */
export async function supportTable(): Promise<string> {
  const clientRows = await onNode(callClientMethods);
  const grpcRows = await onNode(async (_, port) => callGrpcMethods(port));
  return [
    '| method of `@eventstore/db-client` | supported |',
    '| --- | --- |',
    ...clientRows,
    '',
    '| gRPC method | supported |',
    '| --- | --- |',
    ...grpcRows,
  ].join('\n');
}

/** Starts a node for one table; one of the gRPC methods shuts it down. */
async function onNode<T>(work: (client: EventStoreDBClient, port: number) => Promise<T>): Promise<T> {
  const node = await startEmbeddedNode({ memory: true, port: 0 });
  const client = EventStoreDBClient.connectionString(node.connectionString);
  try {
    return await work(client, node.port);
  } finally {
    await client.dispose();
    await node.stop();
  }
}

async function callClientMethods(client: EventStoreDBClient): Promise<string[]> {
  const rows: string[] = [];
  for (const [method, call] of Object.entries(CLIENT_CALLS)) {
    const result = await call(client).then(
      () => 'yes',
      (error: Error) => {
        const [, sentence] = /^12 UNIMPLEMENTED: (.*)$/.exec(error.message) ?? [];
        if (sentence === undefined) throw error;
        return `no: ${sentence}`;
      },
    );
    rows.push(`| \`${method}\` | ${result} |`);
  }
  return rows;
}

/** Sends an empty request to each method: one that does not exist responds UNIMPLEMENTED, others with another status. */
async function callGrpcMethods(port: number): Promise<string[]> {
  const methods = SERVICES.flatMap((service) => Object.values(service)).sort(
    (a, b) => Number(a.path.endsWith('/Shutdown')) - Number(b.path.endsWith('/Shutdown')),
  );
  const { session, disconnect } = await rawConnection(port);
  const rows: string[] = [];
  for (const { path } of methods) {
    const reason = await unimplementedReason(rawCall(session, path).end(frame(Buffer.alloc(0))));
    rows.push(`| \`${path.slice('/event_store.client.'.length)}\` | ${reason ? `no: ${reason}` : 'yes'} |`);
  }
  disconnect();
  return rows;
}

/** Returns the sentence of an UNIMPLEMENTED response, or undefined for any other response. */
function unimplementedReason(call: ReturnType<typeof rawCall>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const take = (headers: Record<string, unknown>) => {
      const status = headers['grpc-status'];
      if (status === UNIMPLEMENTED) resolve(decodeURIComponent(String(headers['grpc-message'])));
      else if (status !== undefined) resolve(undefined);
    };
    call.on('response', take).on('trailers', take);
    call.on('data', () => resolve(undefined)).on('close', () => resolve(undefined));
  });
}
