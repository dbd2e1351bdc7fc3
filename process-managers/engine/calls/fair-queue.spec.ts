import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

/** Returns a queue whose jobs end when the test ends them. */
function queueOf(maxRunning: number, maxPerLane: number) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const lanes = new Map<string, readonly string[]>();
  const queue = new FairQueue({ maxRunning, maxPerLane });
  return {
    queue,
    started,
    add: (key: string, ...of: string[]) => {
      lanes.set(key, of);
      const run = () => {
        started.push(key);
        return new Promise<void>((resolve) => ends.set(key, resolve));
      };
      queue.add(key, of, run, () => void ends.delete(key));
      queue.start();
    },
    end: async (key: string) => {
      ends.get(key)?.();
      while (ends.has(key)) await Promise.resolve();
    },
    running: () => [...ends.keys()],
    fullestLane: () => {
      const counts = new Map<string, number>();
      for (const key of ends.keys())
        for (const lane of lanes.get(key) ?? []) counts.set(lane, (counts.get(lane) ?? 0) + 1);
      return Math.max(0, ...counts.values());
    },
  };
}

describe('a fair queue', () => {
  it('starts jobs in the order of their arrival', async () => {
    const { add, end, started } = queueOf(1, 1);
    add('first', 'ann');
    add('second', 'bob');
    add('third', 'ann');
    await end('first');
    await end('second');
    expect(started).toEqual(['first', 'second', 'third']);
  });

  it('starts jobs of other lanes when the jobs of one lane never end', () => {
    const { add, started } = queueOf(4, 3);
    for (let n = 0; n < 50; n += 1) add(`ann ${n}`, 'ann');
    add('bob', 'bob');
    expect(started).toEqual(['ann 0', 'ann 1', 'ann 2', 'bob']);
  });

  it('starts a job of a full lane when another job of that lane ends', async () => {
    const { add, end, started } = queueOf(4, 1);
    add('ann 1', 'ann', 'slow');
    add('ann 2', 'ann', 'quick');
    add('bob', 'bob', 'quick');
    await end('ann 1');
    expect(started).toEqual(['ann 1', 'bob']);
    await end('bob');
    expect(started).toEqual(['ann 1', 'bob', 'ann 2']);
  });

  it('runs the newest job of a key at the position of the first', async () => {
    const { queue, add, end } = queueOf(1, 1);
    add('first', 'ann');
    const ran: string[] = [];
    queue.add('key', ['bob'], async () => void ran.push('earlier'));
    queue.add('key', ['bob'], async () => void ran.push('later'));
    await end('first');
    expect(ran).toEqual(['later']);
  });

  it('runs every job that was not removed, within the limits', async () => {
    const lane = fc.constantFrom('a', 'b', 'c');
    const action = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('add' as const),
          lanes: fc.uniqueArray(lane, { minLength: 1 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), nth: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), nth: fc.nat() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const { queue, add, end, started, running, fullestLane } = queueOf(4, 2);
        const wanted = new Set<string>();
        for (const [index, action] of actions.entries()) {
          const nth = (of: readonly string[]) => of[('nth' in action ? action.nth : 0) % of.length] ?? '';
          if (action.do === 'add') {
            add(`job ${index}`, ...action.lanes);
            wanted.add(`job ${index}`);
          } else if (action.do === 'end' && running().length > 0) await end(nth(running()));
          else if (action.do === 'remove') {
            const waits = [...wanted].filter((key) => queue.isWaiting(key));
            if (waits.length === 0) continue;
            queue.remove(nth(waits));
            queue.start();
            wanted.delete(nth(waits));
          }
          expect(queue.running).toBeLessThanOrEqual(4);
          expect(fullestLane()).toBeLessThanOrEqual(2);
        }
        while (running().length > 0) await end(running()[0] ?? '');
        expect(queue.waiting).toBe(0);
        expect(started.toSorted()).toEqual([...wanted].toSorted());
      }),
    );
  });
});
