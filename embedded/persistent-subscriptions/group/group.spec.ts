import { describe, expect, it } from 'vitest';
import { message, messages, setUp } from './testing/group.ts';

describe('a group of a persistent subscription', () => {
  it('sends at most the buffer size of a consumer, and the next event after an acknowledgement', () => {
    const { group, connect, log } = setUp();
    const consumer = connect('a', 2);

    group.read(messages(1, 2, 3), 'history');
    expect(log).toEqual(['a 1', 'a 2']);

    group.acknowledge(consumer, ['id-1']);
    expect(log).toEqual(['a 1', 'a 2', 'a 3']);
    expect(group.counts).toEqual({ history: 0, live: 0, retry: 0, inFlight: 2 });
  });

  it('sends nothing to a consumer that reads too slowly, until the next tick after it has read', () => {
    const { group, connect, log } = setUp();
    let isBackedUp = true;
    connect('a', 10, () => isBackedUp);
    group.read(messages(1, 2), 'history');
    group.tick();
    expect(log).toEqual([]);

    isBackedUp = false;
    group.tick();
    expect(log).toEqual(['a 1', 'a 2']);
  });

  it('accepts no events while the unfinished ones use 64 MiB, regardless of its buffer sizes', async () => {
    const { group, connect, settle } = setUp({ historyBufferSize: 1_000_000, liveBufferSize: 1_000_000 });
    const consumer = connect('a', 1_000_000);
    const large = (position: number) => ({ ...message(position), bytes: 32 * 1024 * 1024 });

    group.read([large(1), large(2)], 'history');
    expect(group.room).toEqual({ history: 0, live: 0 });

    group.nack(consumer, ['id-1'], 'park', 'unreadable');
    await settle();
    expect(group.room).toEqual({ history: 1_000_000, live: 1_000_000 });
  });

  it('sends an event that a consumer wants to retry before new events', () => {
    const { group, connect, log } = setUp();
    const consumer = connect('a', 1);
    group.read(messages(1, 2), 'history');

    group.nack(consumer, ['id-1'], 'retry', 'again');

    expect(log).toEqual(['a 1', 'a 1 retry 1']);
  });

  it('parks an event after the maximum number of retries and sends the next one', async () => {
    const { group, connect, log, parked, settle } = setUp({ maxRetryCount: 1 });
    const consumer = connect('a', 1);
    group.read(messages(1, 2), 'history');

    group.nack(consumer, ['id-1'], 'retry', 'again');
    group.nack(consumer, ['id-1'], 'retry', 'again');
    await settle();

    expect(parked).toEqual([{ position: 1, reason: 'Reached retry count of 1' }]);
    expect(log).toEqual(['a 1', 'a 1 retry 1', 'a 2']);
  });

  it('sends the unacknowledged events of a disconnected consumer to another in order, without parking them', () => {
    const { group, connect, log, parked } = setUp({ maxRetryCount: 0 });
    const first = connect('a');
    group.read(messages(1, 2), 'history');
    connect('b');

    group.disconnect(first);

    expect(log).toEqual(['a 1', 'a 2', 'b 1 retry 1', 'b 2 retry 1']);
    expect(parked).toEqual([]);
  });

  it('sends an event again when the consumer does not acknowledge it in time', () => {
    const { group, connect, log, clock, checkpoints } = setUp({ messageTimeout: 1000 });
    const consumer = connect('a', 1);
    group.read(messages(1), 'history');

    clock.now = 999;
    group.tick();
    expect(log).toEqual(['a 1']);

    clock.now = 1000;
    group.tick();
    expect(log).toEqual(['a 1', 'a 1 retry 1']);
    expect(checkpoints).toEqual([]);
    expect(consumer.inFlight.size).toBe(1);
  });

  it('applies an acknowledgement to the event sent first when two have the same id', () => {
    const { group, connect } = setUp();
    const consumer = connect('a');
    group.read(
      [
        { ...message(1), id: 'same' },
        { ...message(2), id: 'same' },
      ],
      'history',
    );

    group.acknowledge(consumer, ['same']);
    expect(consumer.inFlight.size).toBe(1);

    group.acknowledge(consumer, ['same']);
    expect(consumer.inFlight.size).toBe(0);
  });

  it('rejects a consumer above the maximum number of consumers', () => {
    const { group, connect } = setUp({ maxSubscriberCount: 1 });
    connect('a');

    expect(group.connect({ bufferSize: 1, send: () => {}, isBackedUp: () => false })).toBeUndefined();
  });

  it('sends nothing after it is stopped', () => {
    const { group, connect, log } = setUp();
    connect('a');
    group.stop();

    group.read(messages(1), 'history');

    expect(log).toEqual([]);
  });
});
