import { describe, expect, it } from 'vitest';
import { messages, setUp } from '../testing/group.ts';

describe('the checkpoint of a group', () => {
  it('stays below the first unfinished event', async () => {
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

  it('is not written for fewer events than minCheckPointCount', async () => {
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

  it('is written without a tick after maxCheckPointCount events', async () => {
    const { group, connect, checkpoints, settle } = setUp({ maxCheckPointCount: 2 });
    const consumer = connect('a');
    group.read(messages(1, 2, 3), 'history');

    group.acknowledge(consumer, ['id-1']);
    group.acknowledge(consumer, ['id-2']);
    await settle();

    expect(checkpoints).toEqual([2]);
  });

  it('is written at the first tick after checkPointAfter ms', async () => {
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

  it('advances after 10,000 events that are not for the group', async () => {
    const { group, checkpoints, settle } = setUp({}, { startAfter: 0 });

    group.skipTo(9_999, 9_999);
    await settle();
    expect(checkpoints).toEqual([]);

    group.skipTo(10_000, 1);
    await settle();
    expect(checkpoints).toEqual([10_000]);
  });

  it('is saved on request, regardless of the settings', async () => {
    const { group, connect, checkpoints } = setUp({ minCheckPointCount: 100 });
    const consumer = connect('a');
    group.read(messages(1, 2), 'history');
    group.acknowledge(consumer, ['id-1']);

    await group.settle({ saves: true });

    expect(checkpoints).toEqual([1]);
  });

  it('does not advance for replayed events', async () => {
    const { group, connect, checkpoints } = setUp();
    const consumer = connect('a');

    group.read(messages(7), 'replay');
    group.acknowledge(consumer, ['id-7']);
    await group.settle({ saves: true });

    expect(checkpoints).toEqual([]);
    expect(group.replayedUpTo).toBe(7);
  });
});
