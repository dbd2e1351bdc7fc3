import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLog } from '../../storage/log.ts';
import { openEventLog } from '../../storage/sqlite-log.ts';
import { eventually } from '../../testing/eventually.ts';
import { appendTypes } from '../../testing/new-event.ts';
import type { GroupConfiguration } from '../configuration.ts';
import { PersistentSubscription } from '../persistent-subscription.ts';
import { checkpointStreamOf } from '../stored/stream-names.ts';

const configuration: GroupConfiguration = {
  stream: '$all',
  group: 'shop',
  startFrom: 'C:0/P:0',
  startAfter: 0,
  resolveLinkTos: false,
  filter: { on: 'stream', regex: '', prefixes: ['order-'] },
  settings: {
    messageTimeout: 0,
    maxRetryCount: 1,
    checkPointAfter: 0,
    minCheckPointCount: 1,
    maxCheckPointCount: 1000,
    maxSubscriberCount: 0,
    liveBufferSize: 4,
    historyBufferSize: 8,
    readBatchSize: 2,
    strategy: 'RoundRobin',
    extraStatistics: false,
  },
};

let log: EventLog;
beforeEach(() => {
  log = openEventLog({ memory: true });
});
afterEach(() => log.close());

/** Starts a group with one consumer, which acknowledges when the test calls `acknowledge`. */
function start(changes: Partial<GroupConfiguration> = {}) {
  const subscription = new PersistentSubscription(log, { ...configuration, ...changes });
  const end = log.onCommitted((events) => subscription.onCommitted(events));
  const received: string[] = [];
  const waiting: string[] = [];
  const connection = subscription.connect({
    bufferSize: 3,
    isBackedUp: () => false,
    send: ({ id, event }) => {
      received.push(event?.type ?? 'nothing');
      waiting.push(id);
    },
    onDropped: () => {},
    from: 'here',
    name: 'test',
  });
  subscription.group.dispatch();
  return {
    subscription,
    received,
    acknowledge: (count: number) => connection.acknowledge(waiting.splice(0, count)),
    acknowledgeAll: async () => {
      while (waiting.length || !subscription.live) {
        connection.acknowledge(waiting.splice(0));
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    stop: async () => {
      end();
      await subscription.stop({ saves: true });
    },
  };
}

const append = (stream: string, ...types: string[]) => appendTypes(log, stream, ...types);

describe('a group on $all', () => {
  it('reads from the log when its live buffer is full, and catches up again', async () => {
    const { subscription, received, acknowledgeAll, stop } = start();
    const types = Array.from({ length: 40 }, (_, n) => `E${n}`);
    for (const type of types) await append('order-1', type);
    expect(subscription.live).toBe(false);
    expect(received).toEqual(['E0', 'E1', 'E2']);

    await acknowledgeAll();

    expect(received).toEqual(types);
    expect(subscription.live).toBe(true);
    await stop();
  });

  it('skips events that do not match its filter, and its checkpoint passes them', async () => {
    const { received, acknowledgeAll, subscription, stop } = start();
    await append('order-1', 'A');
    await append('product-1', 'X', 'Y');
    await acknowledgeAll();

    await stop();

    expect(received).toEqual(['A']);
    expect(subscription.group.lastCheckpoint).toBeGreaterThan(
      log.readStreamForwards('order-1', 0, 1).events[0]?.position ?? 0,
    );
  });

  it('receives system events without a filter, but no events that groups on $all write', async () => {
    const { received, acknowledgeAll, subscription, stop } = start({
      filter: undefined,
      startAfter: log.lastPosition(),
    });
    await append('order-1', 'A');
    await append('$system', 'B');
    await append(checkpointStreamOf('$all', 'other'), 'C');
    await append('order-1', 'D');
    await acknowledgeAll();
    await subscription.group.settle({ saves: true });
    await append('order-1', 'E');
    await acknowledgeAll();

    expect(received).toEqual(['A', 'B', 'D', 'E']);
    await stop();
  });

  it('delivers every event once and in order, for random appends and acknowledgements', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('append' as const),
        own: fc.integer({ min: 0, max: 6 }),
        other: fc.nat(3),
      }),
      fc.record({ do: fc.constant('acknowledge' as const), count: fc.integer({ min: 1, max: 5 }) }),
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const name = `round${++round}`;
        const { received, acknowledge, acknowledgeAll, stop } = start({
          group: name,
          filter: { on: 'stream', regex: '', prefixes: [`${name}-`] },
        });
        const expected: string[] = [];
        for (const each of steps) {
          if (each.do === 'acknowledge') acknowledge(each.count);
          else {
            const types = Array.from({ length: each.own }, (_, n) => `E${expected.length + n}`);
            expected.push(...types);
            if (types.length) await append(`${name}-1`, ...types);
            if (each.other) await append('other', ...Array.from({ length: each.other }, () => 'Other'));
          }
        }
        await acknowledgeAll();
        await stop();

        expect(received).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a group on one stream', () => {
  it('starts at the requested revision, even if the stream does not exist yet', async () => {
    const { received, acknowledgeAll, stop } = start({
      stream: 'order-1',
      filter: undefined,
      startFrom: '2',
      startAfter: 1,
    });
    await append('order-1', 'A', 'B', 'C', 'D');
    await append('order-2', 'X');
    await acknowledgeAll();

    expect(received).toEqual(['C', 'D']);
    await stop();
  });

  it('receives the tombstone as an event, and events after a soft delete', async () => {
    const { received, acknowledgeAll, subscription, stop } = start({
      stream: 'order-1',
      filter: undefined,
      startFrom: '0',
      startAfter: -1,
    });
    await append('order-1', 'A');
    await log.softDelete('order-1', 'any');
    await append('order-1', 'B');
    await log.tombstone('order-1', 'any');
    await acknowledgeAll();
    await eventually(
      () => received.length,
      (count) => count === 3,
    );
    await acknowledgeAll();
    await subscription.group.settle({ saves: true });

    expect(received).toEqual(['A', 'B', '$streamDeleted']);
    const [checkpoint] = log.readStreamBackwards(checkpointStreamOf('order-1', 'shop'), Infinity, 1).events;
    expect(Buffer.from(checkpoint?.data ?? []).toString()).toBe('"9223372036854775807"');
    await stop();
  });
});
