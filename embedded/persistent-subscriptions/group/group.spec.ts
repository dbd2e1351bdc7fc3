import { describe, expect, it } from 'vitest';
import { MaximumSubscribersReachedError } from './group.ts';
import { message, messages, setUp } from './testing/group.ts';

describe('a group of consumers', () => {
  it('sends no more than a consumer has room for, and goes on when it answers', () => {
    const { group, connect, log } = setUp();
    const consumer = connect('a', 2);

    group.read(messages(1, 2, 3), 'history');
    expect(log).toEqual(['a 1', 'a 2']);

    group.acknowledge(consumer, ['id-1']);
    expect(log).toEqual(['a 1', 'a 2', 'a 3']);
    expect(group.counts).toEqual({ history: 0, live: 0, retry: 0, inFlight: 2 });
  });

  it('sends nothing to a consumer that leaves much unread, and goes on at the tick after it has read', () => {
    const { group, connect, log } = setUp();
    let overfull = true;
    connect('a', 10, () => overfull);
    group.read(messages(1, 2), 'history');
    group.tick();
    expect(log).toEqual([]);

    overfull = false;
    group.tick();
    expect(log).toEqual(['a 1', 'a 2']);
  });

  it('takes nothing more while it holds 64 MiB unfinished, however large its buffers are', async () => {
    const { group, connect, settle } = setUp({ historyBufferSize: 1_000_000, liveBufferSize: 1_000_000 });
    const consumer = connect('a', 1_000_000);
    const large = (position: number) => ({ ...message(position), bytes: 32 * 1024 * 1024 });

    group.read([large(1), large(2)], 'history');
    expect(group.room).toEqual({ history: 0, live: 0 });

    group.refuse(consumer, ['id-1'], 'park', 'unreadable');
    await settle();
    expect(group.room).toEqual({ history: 1_000_000, live: 1_000_000 });
  });

  it('sends a returned event again before new ones', () => {
    const { group, connect, log } = setUp();
    const consumer = connect('a', 1);
    group.read(messages(1, 2), 'history');

    group.refuse(consumer, ['id-1'], 'retry', 'again');

    expect(log).toEqual(['a 1', 'a 1 retry 1']);
  });

  it('parks an event once its retries are used up, and goes on with the next', async () => {
    const { group, connect, log, parked, settle } = setUp({ maxRetryCount: 1 });
    const consumer = connect('a', 1);
    group.read(messages(1, 2), 'history');

    group.refuse(consumer, ['id-1'], 'retry', 'again');
    group.refuse(consumer, ['id-1'], 'retry', 'again');
    await settle();

    expect(parked).toEqual([{ position: 1, reason: 'Reached retry count of 1' }]);
    expect(log).toEqual(['a 1', 'a 1 retry 1', 'a 2']);
  });

  it('sends to another what a consumer left, in order, and never parks it for that', () => {
    const { group, connect, log, parked } = setUp({ maxRetryCount: 0 });
    const first = connect('a');
    group.read(messages(1, 2), 'history');
    connect('b');

    group.disconnect(first);

    expect(log).toEqual(['a 1', 'a 2', 'b 1 retry 1', 'b 2 retry 1']);
    expect(parked).toEqual([]);
  });

  it('sends again what was not answered in time, and ignores an answer that comes late', () => {
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

  it('takes an answer for the event sent first when two carry the same id', () => {
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

  it('refuses a consumer too many', () => {
    const { connect } = setUp({ maxSubscriberCount: 1 });
    connect('a');

    expect(() => connect('b')).toThrow(MaximumSubscribersReachedError);
  });

  it('does nothing more once it is stopped', () => {
    const { group, connect, log } = setUp();
    connect('a');
    group.stop();

    group.read(messages(1), 'history');

    expect(log).toEqual([]);
  });
});

describe('its checkpoint', () => {
  it('stays below an event that is not finished', async () => {
    const { group, connect, checkpoints, settle } = setUp();
    const consumer = connect('a');
    group.read(messages(10, 20, 30, 40), 'history');

    group.acknowledge(consumer, ['id-10', 'id-20', 'id-40']);
    group.tick();
    await settle();
    expect(checkpoints).toEqual([20]);

    group.acknowledge(consumer, ['id-30']);
    group.tick();
    await settle();
    expect(checkpoints).toEqual([20, 40]);
  });

  it('is not written for fewer events than the lower bound', async () => {
    const { group, connect, checkpoints, settle } = setUp({ minCheckPointCount: 3 });
    const consumer = connect('a');
    group.read(messages(1, 2, 3), 'history');

    group.acknowledge(consumer, ['id-1', 'id-2']);
    group.tick();
    await settle();
    expect(checkpoints).toEqual([]);

    group.acknowledge(consumer, ['id-3']);
    group.tick();
    await settle();
    expect(checkpoints).toEqual([3]);
  });

  it('is written between ticks at the upper bound', async () => {
    const { group, connect, checkpoints, settle } = setUp({ maxCheckPointCount: 2 });
    const consumer = connect('a');
    group.read(messages(1, 2, 3), 'history');

    group.acknowledge(consumer, ['id-1']);
    group.acknowledge(consumer, ['id-2']);
    await settle();

    expect(checkpoints).toEqual([2]);
  });

  it('waits for its time', async () => {
    const { group, connect, checkpoints, clock, settle } = setUp({ checkPointAfter: 500 });
    const consumer = connect('a');
    group.read(messages(1), 'history');
    group.acknowledge(consumer, ['id-1']);

    clock.now = 499;
    group.tick();
    clock.now = 500;
    group.tick();
    group.tick();
    await settle();

    expect(checkpoints).toEqual([1]);
  });

  it('moves over what the log holds for others, once it was much', async () => {
    const { group, checkpoints, settle } = setUp({}, { startAfter: 0 });

    group.passed(9_999, 9_999);
    await settle();
    expect(checkpoints).toEqual([]);

    group.passed(10_000, 1);
    await settle();
    expect(checkpoints).toEqual([10_000]);
  });

  it('is saved on request, whatever the bounds say', async () => {
    const { group, connect, checkpoints } = setUp({ minCheckPointCount: 100 });
    const consumer = connect('a');
    group.read(messages(1, 2), 'history');
    group.acknowledge(consumer, ['id-1']);

    await group.settle({ saves: true });

    expect(checkpoints).toEqual([1]);
  });

  it('does not move for replayed events', async () => {
    const { group, connect, checkpoints } = setUp();
    const consumer = connect('a');

    group.replay(messages(7));
    group.acknowledge(consumer, ['id-7']);
    await group.settle({ saves: true });

    expect(checkpoints).toEqual([]);
    expect(group.replayedUpTo).toBe(7);
  });
});

describe('its strategy', () => {
  it('RoundRobin takes turns and passes over who is full', () => {
    const { group, connect, log } = setUp({ strategy: 'RoundRobin' });
    connect('a', 1);
    connect('b', 3);

    group.read(messages(1, 2, 3, 4), 'history');

    expect(log).toEqual(['a 1', 'b 2', 'b 3', 'b 4']);
  });

  it('DispatchToSingle keeps to the first and overflows to the second', () => {
    const { group, connect, log } = setUp({ strategy: 'DispatchToSingle' });
    connect('a', 2);
    connect('b', 2);

    group.read(messages(1, 2, 3), 'history');

    expect(log).toEqual(['a 1', 'a 2', 'b 3']);
  });

  it('Pinned keeps a key with its consumer, and holds up nobody else when that is full', () => {
    const { group, connect, log } = setUp({ strategy: 'Pinned' });
    const first = connect('a', 1);
    connect('b', 9);

    group.read([message(1, 'x'), message(2, 'x'), message(3, 'y'), message(4, 'x')], 'history');
    expect(log).toEqual(['a 1', 'b 3']);

    group.acknowledge(first, ['id-1']);
    group.acknowledge(first, ['id-2']);
    expect(log).toEqual(['a 1', 'b 3', 'a 2', 'a 4']);
  });

  it('Pinned sends a returned event again before what waits for the same consumer', () => {
    const { group, connect, log } = setUp({ strategy: 'Pinned' });
    const only = connect('a', 1);
    group.read([message(1, 'x'), message(2, 'x')], 'history');

    group.refuse(only, ['id-1'], 'retry', 'again');

    expect(log).toEqual(['a 1', 'a 1 retry 1']);
  });

  it('Pinned gives one who comes later a share, but not of what is under way', () => {
    const { group, connect, log } = setUp({ strategy: 'Pinned' });
    const keys = Array.from({ length: 60 }, (_, n) => `key ${n}`);
    const first = connect('a', 1000);
    group.read(
      keys.map((key, n) => message(n + 1, key)),
      'history',
    );
    connect('b', 1000);
    log.length = 0;

    group.read([message(100, 'key 0')], 'live');
    expect(log).toEqual(['a 100']);

    group.acknowledge(first, [...keys.map((_, n) => `id-${n + 1}`), 'id-100']);
    group.disconnect(first);
    group.read([message(101, 'key 0')], 'live');
    expect(log).toEqual(['a 100', 'b 101']);
  });
});
