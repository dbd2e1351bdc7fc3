import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../embedded/node.ts';
import { connectEventStore, type EventStoreConnection } from '../connect.ts';
import { EventStoreUnavailable } from '../errors.ts';
import { eventually } from '../testing/eventually.ts';
import { catalogue, unitsCounted } from '../testing/sample-events.ts';
import type { Delivery, ToPark, Verdict } from './persistent-subscription.ts';

let node: EmbeddedNode;
let store: EventStoreConnection;
let stop: AbortController;

beforeEach(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  store = connectEventStore({ catalogue, url: node.connectionString, patienceMs: 1000 });
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await store.close();
  await node.stop();
});

const group = 'fulfilment';
const labelOf = ({ recorded: { stream, revision } }: Delivery) => `${stream}@${revision}`;
const parked = async () => (await store.groupStatistics(group))?.parked;

/** Consumes with a handler until it is stopped; `seen` are the deliveries, in order. */
function consume(
  handle: (delivery: Delivery) => Promise<Verdict> | Verdict,
  options: {
    readonly concurrency?: number;
    readonly park?: (event: ToPark) => Promise<void>;
    readonly from?: { readonly stream: string };
    readonly signal?: AbortSignal;
  } = {},
) {
  const seen: string[] = [];
  const done = store.consumeGroup({
    group,
    from: { prefixes: ['order-', 'inventory-'] },
    concurrency: 4,
    signal: stop.signal,
    handle: async (delivery) => {
      seen.push(labelOf(delivery));
      return handle(delivery);
    },
    ...options,
  });
  return { seen, done };
}

const ack = { verdict: 'ack' } as const;

describe('a consumer group', () => {
  it('is created from the start of the log, pinned by correlation, for the given prefixes', async () => {
    await store.append('order-1', [unitsCounted(1)], 'no_stream');
    await store.append('other-1', [unitsCounted(2)], 'no_stream');
    await store.append('inventory-1', [unitsCounted(3)], 'no_stream');

    const { seen } = consume(() => ack);

    await eventually(() => expect(seen.toSorted()).toEqual(['inventory-1@0', 'order-1@0']));
    const raw = EventStoreDBClient.connectionString(node.connectionString);
    const { settings } = await raw.getPersistentSubscriptionToAllInfo(group);
    expect(settings).toMatchObject({ consumerStrategyName: 'PinnedByCorrelation', startFrom: 'start' });
    await raw.dispose();
  });

  it('handles at most the given number of events at the same time', async () => {
    for (let index = 0; index < 12; index++) {
      await store.append(`order-${index}`, [unitsCounted(index)], 'no_stream');
    }
    const inFlight: (() => void)[] = [];
    let maximum = 0;

    const { seen } = consume(
      async () => {
        await new Promise<void>((resolve) => {
          maximum = Math.max(maximum, inFlight.push(resolve));
        });
        return ack;
      },
      { concurrency: 3 },
    );

    // Three are in flight before the first is done, even with slow delivery; then one at a time.
    await eventually(() => expect(inFlight).toHaveLength(3));
    for (let handled = 1; handled <= 12; handled++) {
      await eventually(() => expect(inFlight).toHaveLength(Math.min(3, 13 - handled)));
      inFlight.shift()?.();
    }
    expect(seen).toHaveLength(12);
    expect(maximum).toBe(3);
  });

  it('redelivers an event when the handler returns retry or throws', async () => {
    await store.append('order-1', [unitsCounted(1)], 'no_stream');
    const retryCounts: number[] = [];

    consume(({ retryCount }) => {
      retryCounts.push(retryCount);
      if (retryCount === 0) return { verdict: 'retry', reason: 'not yet' };
      if (retryCount === 1) throw new TypeError('broken');
      return ack;
    });

    await eventually(() => expect(retryCounts).toEqual([0, 1, 2]));
  });

  it('parks an event when the handler returns park, and redelivers it on replay', async () => {
    await store.append('order-1', [unitsCounted(1)], 'no_stream');
    let broken = true;

    const { seen } = consume(() => (broken ? { verdict: 'park', reason: 'broken' } : ack));
    await eventually(async () => expect(await parked()).toBe(1));
    broken = false;
    expect(await store.replayParked(group)).toBe(true);

    await eventually(() => expect(seen).toEqual(['order-1@0', 'order-1@0']));
    await eventually(async () => expect(await parked()).toBe(0));
  });

  it('does not redeliver an event that the consumer parked itself, unless that failed', async () => {
    await store.append('order-1', [unitsCounted(1)], 'no_stream');
    const parkCalls: ToPark[] = [];

    const { seen } = consume(() => ({ verdict: 'park', reason: 'broken' }), {
      park: async (event) => {
        parkCalls.push(event);
        if (parkCalls.length === 1) throw new EventStoreUnavailable('planned');
      },
    });

    await eventually(async () =>
      expect(await store.groupStatistics(group)).toMatchObject({ inFlight: 0, waiting: 0, parked: 0 }),
    );
    await eventually(() => expect(seen).toEqual(['order-1@0', 'order-1@0']));
    expect(parkCalls[1]).toMatchObject({
      stream: 'order-1',
      revision: 0n,
      type: 'UnitsCounted',
      reason: 'broken',
    });
  });

  it('follows one stream from its start, also when it is created later', async () => {
    const { seen } = consume(() => ack, { from: { stream: 'order-7' } });
    await store.append('order-1', [unitsCounted(1)], 'no_stream');
    await store.append('order-7', [unitsCounted(2)], 'no_stream');

    await eventually(() => expect(seen).toEqual(['order-7@0']));
  });

  it('parks events that cannot be decoded and acknowledges events of unknown type', async () => {
    const raw = EventStoreDBClient.connectionString(node.connectionString);
    await raw.appendToStream('order-1', [
      jsonEvent({ type: 'ByHand', data: {} }),
      jsonEvent({ type: 'UnitsCounted', data: { wrong: true } }),
      jsonEvent({ type: 'UnitsCounted', data: {}, metadata: { schemaVersion: 9 } }),
    ]);
    await raw.dispose();
    await store.append('order-1', [unitsCounted(4)], 2n);

    const { seen } = consume(() => ack);

    await eventually(async () => expect(await parked()).toBe(2));
    await eventually(() => expect(seen).toEqual(['order-1@3']));
    await eventually(async () => expect((await store.groupStatistics(group))?.inFlight).toBe(0));
  });

  it('handles and acknowledges the deliveries in flight when it is stopped', async () => {
    await store.append('order-1', [unitsCounted(1)], 'no_stream');
    const first = new AbortController();
    let finish: () => void = () => {};

    const { seen, done } = consume(() => new Promise((resolve) => (finish = () => resolve(ack))), {
      signal: first.signal,
    });
    await eventually(() => expect(seen).toHaveLength(1));
    first.abort();
    finish();
    await done;

    // The server processes the acknowledgement and the end of the call later than the client.
    await eventually(async () =>
      expect(await store.groupStatistics(group)).toMatchObject({ consumers: 0, inFlight: 0 }),
    );
    await store.append('order-2', [unitsCounted(2)], 'no_stream');
    const again = consume(() => ack);
    await eventually(() => expect(again.seen).toContain('order-2@0'));
    expect(again.seen).toEqual(['order-2@0']);
  });

  it('ends when it is stopped before it has started', async () => {
    const first = new AbortController();
    const { done } = consume(() => ack, { signal: first.signal });
    first.abort();
    await done;
  });

  it('continues when the group is deleted and created again', async () => {
    await store.append('order-1', [unitsCounted(1)], 'no_stream');
    const { seen } = consume(() => ack);
    await eventually(() => expect(seen).toEqual(['order-1@0']));

    const raw = EventStoreDBClient.connectionString(node.connectionString);
    await raw.deletePersistentSubscriptionToAll(group);
    await raw.dispose();
    await store.append('order-2', [unitsCounted(2)], 'no_stream');

    await eventually(() => expect(seen).toContain('order-2@0'));
  });

  it('has no statistics for a group that does not exist', async () => {
    expect(await store.groupStatistics('missing')).toBeUndefined();
    expect(await store.replayParked('missing')).toBe(false);
  });
});
