import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { startEmbeddedNode } from '../../node.ts';

/** Calls `Shutdown`; resolves to undefined after a response, or to the error. */
async function shutDown(port: number): Promise<ServiceError | undefined> {
  const client = new operations.OperationsClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const error = await new Promise<ServiceError | null>((resolve) =>
    client.shutdown(new shared.Empty(), (failure) => resolve(failure)),
  );
  client.close();
  return error ?? undefined;
}

describe('the call Shutdown', () => {
  it('receives its response before the node stops', async () => {
    const node = await startEmbeddedNode({ memory: true, port: 0 });

    expect(await shutDown(node.port)).toBeUndefined();
    await node.stopped;
  });

  it('receives its response while other clients append and subscribe', async () => {
    const node = await startEmbeddedNode({ memory: true, port: 0 });
    const client = EventStoreDBClient.connectionString(node.connectionString);
    const subscription = client.subscribeToAll();
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    subscription.on('error', () => {}).resume();
    const appends = Array.from({ length: 100 }, (_, i) =>
      client.appendToStream(`order-${i}`, jsonEvent({ type: 'Placed', data: {} })).catch(() => undefined),
    );

    expect(await shutDown(node.port)).toBeUndefined();
    await node.stopped;
    await Promise.all(appends);
    await client.dispose();
  });
});
