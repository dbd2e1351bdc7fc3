import fc from 'fast-check';
import { assert, expect, it } from 'vitest';
import type { Consumer } from './dispatch/consumer.ts';
import type { Message } from './entry.ts';
import { Group } from './group.ts';
import { STRATEGIES } from './settings.ts';
import { settings } from './testing/group.ts';

const KEYS = ['x', 'y', 'z'];

const step = fc.oneof(
  fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ do: fc.constant('connect' as const), room: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('disconnect' as const), who: fc.nat(3) }),
  fc.record({ do: fc.constant('ack' as const), who: fc.nat(3), which: fc.nat(5) }),
  fc.record({
    do: fc.constant('nack' as const),
    who: fc.nat(3),
    which: fc.nat(5),
    action: fc.constantFrom('park' as const, 'retry' as const, 'skip' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1500 }) }),
  fc.record({ do: fc.constant('settle' as const) }),
);

/** Creates a group, and a simple model of it: the finished events, and the events of each consumer. */
function watchGroup(strategy: (typeof STRATEGIES)[number]) {
  let now = 0;
  let position = 0;
  const finished = new Set<number>();
  const checkpoints: number[] = [];
  /** Events that a checkpoint passed before they were finished. */
  const skipped: { at: number; below: number }[] = [];
  const consumers: { self: Consumer<Message>; unacknowledged: Map<string, Message> }[] = [];

  const group = new Group<Message>(
    { ...settings, strategy, maxRetryCount: 1, maxCheckPointCount: 3 },
    {
      now: () => now,
      park: async (message) => {
        finished.add(message.position);
      },
      saveCheckpoint: async (at) => {
        checkpoints.push(at);
        for (let below = 1; below <= at; below++) if (!finished.has(below)) skipped.push({ at, below });
      },
      requestMore: () => {},
      onReplayFinished: () => {},
    },
    { startAfter: 0 },
  );

  const dropExpired = () => {
    // A consumer no longer has an event whose delivery timed out.
    for (const { self, unacknowledged } of consumers) {
      const still = new Set([...self.inFlight].map(({ message }) => message.id));
      for (const id of unacknowledged.keys()) if (!still.has(id)) unacknowledged.delete(id);
    }
  };
  const nth = (who: number, which: number) => {
    const consumer = consumers[who % (consumers.length || 1)];
    const unacknowledged = consumer && [...consumer.unacknowledged.values()];
    const message = unacknowledged?.[which % unacknowledged.length];
    return consumer && message ? { ...consumer, message } : undefined;
  };

  return {
    group,
    finished,
    checkpoints,
    skipped,
    consumers,
    lastPosition: () => position,
    connect(room: number) {
      const unacknowledged = new Map<string, Message>();
      const self = group.connect({
        bufferSize: room,
        send: (message) => unacknowledged.set(message.id, message),
        isBackedUp: () => false,
      });
      assert(self);
      consumers.push({ self, unacknowledged });
      group.dispatch();
      return unacknowledged;
    },
    read(count: number) {
      const fresh = Array.from({ length: count }, () => {
        position++;
        return { id: `${position}`, key: KEYS[position % 3] ?? '', position, bytes: 1 };
      });
      group.read(fresh, 'history');
    },
    disconnect(who: number) {
      const [removed] = consumers.splice(who % (consumers.length || 1), 1);
      if (removed) group.disconnect(removed.self);
    },
    ack(who: number, which: number) {
      const found = nth(who, which);
      if (!found) return;
      finished.add(found.message.position);
      found.unacknowledged.delete(found.message.id);
      group.acknowledge(found.self, [found.message.id]);
    },
    nack(who: number, which: number, action: 'park' | 'retry' | 'skip') {
      const found = nth(who, which);
      if (!found) return;
      if (action === 'skip') finished.add(found.message.position);
      found.unacknowledged.delete(found.message.id);
      group.nack(found.self, [found.message.id], action, 'because');
    },
    wait(ms: number) {
      now += ms;
      group.tick();
      dropExpired();
    },
    check() {
      dropExpired();
      for (const { self, unacknowledged } of consumers) {
        expect(self.availableSlots).toBeGreaterThanOrEqual(0);
        expect(unacknowledged.size).toBe(self.inFlight.size);
      }
      if (!strategy.startsWith('Pinned')) return;
      for (const key of KEYS) {
        const owners = consumers.filter(({ unacknowledged }) =>
          [...unacknowledged.values()].some((each) => each.key === key),
        );
        expect(owners.length).toBeLessThanOrEqual(1);
      }
    },
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it.each(STRATEGIES)(
  '%s loses no event, exceeds no buffer and saves no checkpoint past an unfinished event, for random calls',
  async (strategy) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const watched = watchGroup(strategy);
        for (const each of steps) {
          if (each.do === 'read') watched.read(each.count);
          else if (each.do === 'connect') watched.connect(each.room);
          else if (each.do === 'disconnect') watched.disconnect(each.who);
          else if (each.do === 'ack') watched.ack(each.who, each.which);
          else if (each.do === 'nack') watched.nack(each.who, each.which, each.action);
          else if (each.do === 'wait') watched.wait(each.ms);
          else await settled();
          watched.check();
        }

        // Finally all consumers disconnect, and a new one acknowledges everything.
        while (watched.consumers.length) watched.disconnect(0);
        const unacknowledged = watched.connect(5);
        await settled();
        while (unacknowledged.size) watched.ack(0, 0);
        await watched.group.settle({ saves: true });

        expect(watched.skipped).toEqual([]);
        expect(watched.finished.size).toBe(watched.lastPosition());
        expect(watched.checkpoints.at(-1) ?? 0).toBe(watched.lastPosition());
        expect(watched.group.counts).toEqual({ history: 0, live: 0, retry: 0, inFlight: 0 });
      }),
      { numRuns: 150 },
    );
  },
);
