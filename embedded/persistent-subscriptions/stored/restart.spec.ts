import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  EventStoreDBClient,
  jsonEvent,
  PARK,
  type PersistentSubscriptionToStreamSettings,
  type ResolvedEvent,
  START,
  persistentSubscriptionToStreamSettingsFromDefaults as settingsOf,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../node.ts';
import { eventually } from '../../testing/eventually.ts';

let folder: string;
let node: EmbeddedNode;
let client: EventStoreDBClient;

async function start(): Promise<void> {
  node = await startEmbeddedNode({ dataDir: folder, port: 0 });
  client = EventStoreDBClient.connectionString(node.connectionString);
}

async function stop(): Promise<void> {
  await client.dispose();
  await node.stop();
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'embedded-restart-'));
  await start();
  await client.appendToStream(
    'order-1',
    ['A', 'B', 'C', 'D'].map((type) => jsonEvent({ type, data: {} })),
  );
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

const create = (changes: Partial<PersistentSubscriptionToStreamSettings>) =>
  client.createPersistentSubscriptionToStream(
    'order-1',
    'billing',
    settingsOf({ startFrom: START, ...changes }),
  );
const info = () => client.getPersistentSubscriptionToStreamInfo('order-1', 'billing');

/** Receives `count` events: parks new events of type A and acknowledges the others. Disconnects when the node has processed that. */
async function receive(count: number): Promise<string[]> {
  const sentBefore = (await info()).stats.totalItems;
  const consumer = client.subscribeToPersistentSubscriptionToStream('order-1', 'billing', { bufferSize: 1 });
  const types: string[] = [];
  const isProcessed = ({ totalItems, totalInFlightMessages }: Awaited<ReturnType<typeof info>>['stats']) =>
    totalInFlightMessages === 0 || totalItems > sentBefore + BigInt(count);
  for await (const resolved of consumer) {
    types.push(resolved.event?.type ?? 'nothing');
    if (resolved.event?.type === 'A' && !resolved.link) await consumer.nack(PARK, 'unreadable', resolved);
    else await consumer.ack(resolved);
    if (types.length < count) continue;
    await eventually(info, ({ stats }) => isProcessed(stats));
    break;
  }
  await consumer.unsubscribe();
  await eventually(info, ({ connections }) => connections.length === 0);
  return types;
}

describe('a group of a node in a folder', () => {
  it('keeps its settings when the node restarts', async () => {
    await create({
      startFrom: 2n,
      resolveLinkTos: true,
      extraStatistics: true,
      messageTimeout: 5_000,
      maxRetryCount: 3,
      checkPointAfter: 4_000,
      checkPointLowerBound: 5,
      checkPointUpperBound: 6,
      maxSubscriberCount: 7,
      liveBufferSize: 80,
      readBatchSize: 9,
      historyBufferSize: 100,
      consumerStrategyName: 'Pinned',
    });
    const { settings } = await info();
    await stop();
    await start();

    expect((await info()).settings).toEqual(settings);
    expect(await receive(2)).toEqual(['C', 'D']);
  });

  it('continues from its checkpoint when the node restarts, and keeps its parked events', async () => {
    await create({});
    expect(await receive(2)).toEqual(['A', 'B']);
    await stop();
    await start();

    expect((await info()).stats.parkedMessageCount).toBe(1n);
    expect(await receive(2)).toEqual(['C', 'D']);
    await client.replayParkedMessagesToStream('order-1', 'billing');
    expect(await receive(1)).toEqual(['A']);
  });

  it('removes parked events that were replayed and acknowledged in any order', async () => {
    await create({});
    const consumer = client.subscribeToPersistentSubscriptionToStream('order-1', 'billing');
    const received: ResolvedEvent[] = [];
    consumer.on('data', (resolved) => received.push(resolved));
    const arrived = async (count: number) => {
      await eventually(
        () => received.length,
        (length) => length === count,
      );
      return received.splice(0);
    };
    const parked = (count: bigint) => eventually(info, ({ stats }) => stats.parkedMessageCount === count);
    const all = await arrived(4);
    for (const events of [all.slice(0, 1), all.slice(1)]) {
      await consumer.nack(PARK, 'unreadable', ...events);
      await parked(BigInt(events.length));
      await client.replayParkedMessagesToStream('order-1', 'billing');
      await consumer.ack(...(await arrived(events.length)).reverse());
      await parked(0n);
    }
    await consumer.unsubscribe();
  });

  it('restarts from the start of an update if no checkpoint was due', async () => {
    await create({});
    expect(await receive(4)).toEqual(['A', 'B', 'C', 'D']);

    const settings = settingsOf({ startFrom: 2n });
    await client.updatePersistentSubscriptionToStream('order-1', 'billing', settings);
    expect(await receive(2)).toEqual(['C', 'D']);
  });

  it('continues from its position after an update that does not change its start', async () => {
    await create({});
    expect(await receive(2)).toEqual(['A', 'B']);

    const settings = settingsOf({ startFrom: START, maxRetryCount: 1 });
    await client.updatePersistentSubscriptionToStream('order-1', 'billing', settings);
    expect(await receive(2)).toEqual(['C', 'D']);
  });

  it('drops its consumers when it is updated', async () => {
    await create({});
    const consumer = client.subscribeToPersistentSubscriptionToStream('order-1', 'billing');
    await once(consumer, 'confirmation');
    const dropped = once(consumer, 'error');

    const settings = settingsOf({ startFrom: START });
    await client.updatePersistentSubscriptionToStream('order-1', 'billing', settings);
    expect((await dropped)[0]).toMatchObject({
      type: 'persistent-subscription-dropped',
      groupName: 'billing',
    });
  });
});
