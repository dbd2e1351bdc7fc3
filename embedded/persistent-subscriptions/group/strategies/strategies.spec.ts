import { describe, expect, it } from 'vitest';
import { message, messages, setUp } from '../testing/group.ts';

describe('the consumer strategy of a group', () => {
  it('RoundRobin sends to consumers in turn and skips full ones', () => {
    const { group, connect, log } = setUp({ strategy: 'RoundRobin' });
    connect('a', 1);
    connect('b', 3);

    group.read(messages(1, 2, 3, 4), 'history');

    expect(log).toEqual(['a 1', 'b 2', 'b 3', 'b 4']);
  });

  it('DispatchToSingle sends to the first consumer, and to the second while the first is full', () => {
    const { group, connect, log } = setUp({ strategy: 'DispatchToSingle' });
    connect('a', 2);
    connect('b', 2);

    group.read(messages(1, 2, 3), 'history');

    expect(log).toEqual(['a 1', 'a 2', 'b 3']);
  });

  it('Pinned sends all events of a key to one consumer, and others to another while that one is full', () => {
    const { group, connect, log } = setUp({ strategy: 'Pinned' });
    const first = connect('a', 1);
    connect('b', 9);

    group.read([message(1, 'x'), message(2, 'x'), message(3, 'y'), message(4, 'x')], 'history');
    expect(log).toEqual(['a 1', 'b 3']);

    group.acknowledge(first, ['id-1']);
    group.acknowledge(first, ['id-2']);
    expect(log).toEqual(['a 1', 'b 3', 'a 2', 'a 4']);
  });

  it('Pinned sends an event to retry before others that wait for the same consumer', () => {
    const { group, connect, log } = setUp({ strategy: 'Pinned' });
    const only = connect('a', 1);
    group.read([message(1, 'x'), message(2, 'x')], 'history');

    group.nack(only, ['id-1'], 'retry', 'again');

    expect(log).toEqual(['a 1', 'a 1 retry 1']);
  });

  it('Pinned assigns keys to a new consumer only when none of their events is in flight', () => {
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
