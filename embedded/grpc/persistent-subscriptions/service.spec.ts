import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parkedStreamOf } from '../../persistent-subscriptions/stored/stream-names.ts';
import type { EventLog } from '../../storage/log.ts';
import { openEventLog } from '../../storage/sqlite-log.ts';
import { eventually } from '../../testing/eventually.ts';
import { appendTypes, uniqueEvent } from '../../testing/new-event.ts';
import {
  confirmationOf,
  consumeAll,
  createOnAll,
  createOnStream,
  infoOnAll,
  replayOnAll,
  serve,
} from './testing/service.ts';

let log: EventLog;
let node: Awaited<ReturnType<typeof serve>>;

beforeEach(async () => {
  log = openEventLog({ memory: true });
  node = await serve(log);
});

afterEach(async () => {
  await node.stop();
  await log.close();
});

const restart = async () => {
  await node.stop();
  node = await serve(log);
};
const typesOf = (received: { type: string; retryCount: number }[]) =>
  received.map(({ type, retryCount }) => (retryCount ? `${type} retry ${retryCount}` : type));
const append = (stream: string, ...types: string[]) => appendTypes(log, stream, ...types);

describe('the confirmation that a consumer receives', () => {
  it('contains <stream>::<group>, or $all::<group>', async () => {
    await createOnAll(node.client, 'shop');
    await createOnStream(node.client, 'order-1', 'billing');

    expect(await confirmationOf(node.client, { group: 'shop' })).toBe('$all::shop');
    expect(await confirmationOf(node.client, { stream: 'order-1', group: 'billing' })).toBe(
      'order-1::billing',
    );
  });
});

describe('a group on $all with a prefix filter', () => {
  it('delivers existing and new events with the prefix only', async () => {
    await append('order-1', 'Placed');
    await append('product-1', 'Priced');
    await createOnAll(node.client, 'shop');
    const consumer = consumeAll(node.client, 'shop');
    await consumer.until(1);

    await append('product-1', 'Repriced');
    await append('order-2', 'Placed', 'Confirmed');
    await consumer.until(3);

    expect(consumer.received.map(({ stream, type }) => `${stream} ${type}`)).toEqual([
      'order-1 Placed',
      'order-2 Placed',
      'order-2 Confirmed',
    ]);
  });

  it('continues from its checkpoint when the node restarts, and repeats only unacknowledged events', async () => {
    await createOnAll(node.client, 'shop');
    await append('order-1', 'A', 'B', 'C', 'D');
    const before = consumeAll(node.client, 'shop', ({ type }) => (type < 'C' ? 'ack' : 'nothing'));
    await before.until(4);
    await eventually(
      () => infoOnAll(node.client, 'shop'),
      ({ totalInFlightMessages }) => totalInFlightMessages === 2,
    );

    await restart();
    const after = consumeAll(node.client, 'shop');
    await after.until(2);

    expect(typesOf(after.received)).toEqual(['C', 'D']);
    expect((await infoOnAll(node.client, 'shop')).namedConsumerStrategy).toBe('RoundRobin');
  });

  it('keeps parked events when the node restarts, and replays them', async () => {
    await createOnAll(node.client, 'shop');
    await append('order-1', 'A', 'B');
    const before = consumeAll(node.client, 'shop', ({ type }) => (type === 'A' ? 'park' : 'ack'));
    await before.until(2);
    await eventually(
      () => infoOnAll(node.client, 'shop'),
      (info) => info.parkedMessageCount === '1' && info.totalInFlightMessages === 0,
    );

    await restart();
    const after = consumeAll(node.client, 'shop');
    await after.confirmed;
    await replayOnAll(node.client, 'shop');
    await after.until(1);

    expect(typesOf(after.received)).toEqual(['A']);
    await eventually(
      () => infoOnAll(node.client, 'shop'),
      ({ parkedMessageCount }) => parkedMessageCount === '0',
    );
  });

  it('keeps a replayed event parked until it is finished, also when the node stops before', async () => {
    await createOnAll(node.client, 'shop');
    await append('order-1', 'A');
    const parking = consumeAll(node.client, 'shop', () => 'park');
    await eventually(
      () => infoOnAll(node.client, 'shop'),
      ({ parkedMessageCount }) => parkedMessageCount === '1',
    );
    parking.leave();
    const silent = consumeAll(node.client, 'shop', () => 'nothing');
    await silent.confirmed;
    await replayOnAll(node.client, 'shop');
    await silent.until(1);

    await restart();

    expect(log.readStreamForwards(parkedStreamOf('$all', 'shop'), 0, 10).events).toHaveLength(1);
    const after = consumeAll(node.client, 'shop');
    await after.confirmed;
    await replayOnAll(node.client, 'shop');
    await after.until(1);
    expect(typesOf(after.received)).toEqual(['A']);
  });

  it('sends all events with one correlation id to one consumer, regardless of their stream', async () => {
    await createOnAll(node.client, 'shop', { strategy: 'PinnedByCorrelation' });
    const both = [consumeAll(node.client, 'shop'), consumeAll(node.client, 'shop')];
    await Promise.all(both.map(({ confirmed }) => confirmed));
    for (let n = 0; n < 40; n++) {
      await log.append(
        `order-${n}`,
        [uniqueEvent(`story ${n % 8}`, { $correlationId: `story ${n % 8}` })],
        'any',
      );
    }
    await eventually(
      () => both.reduce((sum, { received }) => sum + received.length, 0),
      (count) => count === 40,
    );

    const [first, second] = both.map(({ received }) => new Set(received.map(({ type }) => type)));
    expect([...(first ?? [])].filter((story) => second?.has(story))).toEqual([]);
    expect([first?.size, second?.size]).toEqual([4, 4]);
  });

  it('sends an event again that a consumer does not acknowledge in time, then parks it with the reason', async () => {
    await createOnAll(node.client, 'shop', { messageTimeout: 50, maxRetryCount: 1 });
    await append('order-1', 'A');
    const consumer = consumeAll(node.client, 'shop', () => 'nothing');
    await consumer.until(2);
    const [parked] = await eventually(
      () => log.readStreamForwards(parkedStreamOf('$all', 'shop'), 0, 10).events,
      (events) => events.length === 1,
    );

    expect(typesOf(consumer.received)).toEqual(['A', 'A retry 1']);
    const metadata = JSON.parse(Buffer.from(parked?.metadata ?? []).toString());
    expect(metadata).toEqual({ added: expect.any(String), reason: 'Reached retry count of 1' });
  });

  it('delivers more events than its buffers hold, once each and in order', async () => {
    await createOnAll(node.client, 'shop');
    const consumer = consumeAll(node.client, 'shop', () => 'ack', 50);
    await consumer.confirmed;
    const types = Array.from({ length: 3000 }, (_, n) => `E${n}`);
    for (let n = 0; n < 3000; n += 750) await append('order-1', ...types.slice(n, n + 750));

    await consumer.until(3000);

    expect(consumer.received.map(({ type }) => type)).toEqual(types);
  });

  it('describes its buffers and its position', async () => {
    await createOnAll(node.client, 'shop');
    await append('order-1', 'A', 'B');
    const consumer = consumeAll(node.client, 'shop', ({ type }) => (type === 'A' ? 'park' : 'nothing'));
    await consumer.until(2);
    const [described] = await eventually(node.describe, ([group]) => group?.parkedMessageCount === 1);
    const position = log.readStreamForwards('order-1', 1, 1).events[0]?.position;

    expect(described).toMatchObject({
      eventStreamId: '$all',
      groupName: 'shop',
      status: 'Live',
      totalItemsProcessed: 2,
      lastProcessedEventNumber: -1,
      lastKnownEventPosition: `C:${position}/P:${position}`,
      connectionCount: 1,
      totalInFlightMessages: 1,
    });
  });

  it('does not drop its consumers when the node stops', async () => {
    await createOnAll(node.client, 'shop');
    const consumer = consumeAll(node.client, 'shop');
    await consumer.confirmed;

    await restart();

    const { code, metadata } = await consumer.ended;
    expect([status.CANCELLED, status.UNAVAILABLE]).toContain(code);
    expect(metadata.get('exception')).toEqual([]);
  });
});
