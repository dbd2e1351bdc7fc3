import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../testing/given-when-then.ts';
import { dequeue, emptyQueue, enqueue, fromItems, items, type PersistentQueue } from './persistent-queue.ts';

describe('a persistent queue', () => {
  it('has the same items as an array after any changes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(), fc.constant('take')), { maxLength: 800 }), (changes) => {
        const model: number[] = [];
        let queue: PersistentQueue<number> = emptyQueue;
        for (const change of changes) {
          if (typeof change === 'number') {
            model.push(change);
            queue = deepFreeze(enqueue(queue, change));
          } else {
            const { item, rest } = dequeue(queue);
            expect(item).toBe(model.shift());
            queue = deepFreeze(rest);
          }
          expect(queue.size).toBe(model.length);
        }
        expect(items(queue)).toEqual(model);
      }),
    );
  });

  it.each([0, 1, 31, 32, 33, 64, 100])('works the same when it is created from %i items', (count) => {
    const all = Array.from({ length: count }, (_, n) => n);
    let queue = enqueue(fromItems(all), count);
    expect(queue.size).toBe(count + 1);
    for (const expected of [...all, count]) {
      const { item, rest } = dequeue(queue);
      expect(item).toBe(expected);
      queue = rest;
    }
    expect(queue.size).toBe(0);
  });

  it('works across the ends of its chunks', () => {
    let queue: PersistentQueue<number> = emptyQueue;
    for (let n = 0; n < 250; n++) queue = enqueue(queue, n);
    for (let n = 0; n < 250; n++) {
      const { item, rest } = dequeue(queue);
      expect(item).toBe(n);
      queue = rest;
    }
    expect(items(queue)).toEqual([]);
    expect(dequeue(queue).item).toBeUndefined();
    expect(items(enqueue(queue, 7))).toEqual([7]);
  });
});
