import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../embedded/node.ts';
import { connectEventStore, type EventStoreConnection } from './connect.ts';
import { EventStoreUnavailable } from './errors.ts';
import { describeEventStore } from './testing/event-store-contract.ts';
import { catalogue, unitsCounted } from './testing/sample-events.ts';

let node: EmbeddedNode;
let store: EventStoreConnection;

beforeAll(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  store = connectEventStore({ catalogue, url: node.connectionString });
});
afterAll(async () => {
  await store.close();
  await node.stop();
});

describeEventStore('over the official client', async () => {
  const raw = EventStoreDBClient.connectionString(node.connectionString);
  return {
    store,
    appendRaw: async (stream, { type, data, metadata }) => {
      await raw.appendToStream(stream, jsonEvent({ type, data: data as Record<string, unknown>, metadata }));
    },
    close: async () => raw.dispose(),
  };
});

describe('the store identity', () => {
  it('is the same for two processes that start at the same time', async () => {
    const other = connectEventStore({ catalogue, url: node.connectionString });
    const [first, second] = await Promise.all([store.identity(), other.identity()]);

    expect(first).toBe(second);
    expect(await store.identity()).toBe(first);
    await other.close();
  });
});

describe('an unavailable event store', () => {
  it('fails an append as not written', async () => {
    const unreachable = connectEventStore({
      catalogue,
      url: 'esdb://127.0.0.1:1?tls=false',
      patienceMs: 100,
    });

    await expect(unreachable.append('order-1', [unitsCounted(1)], 'no_stream')).rejects.toBeInstanceOf(
      EventStoreUnavailable,
    );
    await expect(unreachable.head()).rejects.toBeInstanceOf(EventStoreUnavailable);

    await unreachable.close();
  });
});

describe('the URL of an event store', () => {
  it('is rejected when it is invalid, or when it hides failed appends', async () => {
    expect(() =>
      connectEventStore({ catalogue, url: 'esdb://127.0.0.1:2113?tls=false&throwOnAppendFailure=false' }),
    ).toThrow(RangeError);
    expect(() => connectEventStore({ catalogue, url: 'mysql://127.0.0.1' })).toThrow('esdb://');
  });
});
