import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { Batcher, type BatchLimits } from './batcher.ts';

const batcher = (limits: BatchLimits) => {
  const sent: (readonly number[])[] = [];
  return { sent, batcher: new Batcher<number>(limits, async (items) => void sent.push(items)) };
};
const perTurn = () => batcher({ maxItems: 8, schedule: setImmediate });
const eight = [1, 2, 3, 4, 5, 6, 7, 8];

describe('a batcher that sends once a turn of the event loop', () => {
  it('sends the items of one turn together', async () => {
    const { sent, batcher } = perTurn();
    for (const item of [1, 2, 3]) batcher.add(item);
    expect(batcher.waiting).toEqual([1, 2, 3]);
    await nextTurn();

    expect(sent).toEqual([[1, 2, 3]]);
    expect(batcher.waiting).toEqual([]);
  });

  it('sends a full batch at once and the rest at the end of the turn, each item once and in order', async () => {
    const { sent, batcher } = perTurn();
    for (const item of [...eight, 9, 10]) batcher.add(item);
    expect(sent).toEqual([eight]);
    await nextTurn();

    expect(sent).toEqual([eight, [9, 10]]);
  });

  it('sends no empty batch', async () => {
    const { sent, batcher } = perTurn();
    for (const item of eight) batcher.add(item);
    await nextTurn();
    expect(sent).toEqual([eight]);
    batcher.add(9);
    await nextTurn();

    expect(sent).toEqual([eight, [9]]);
  });
});

describe('a batcher that sends after 10 ms', () => {
  const timed = () => batcher({ maxItems: 32, schedule: (flush) => setTimeout(flush, 10) });

  it('sends the items of 10 ms together', () => {
    vi.useFakeTimers();
    try {
      const { sent, batcher } = timed();
      for (const item of [1, 2, 3]) batcher.add(item);
      vi.advanceTimersByTime(9);
      expect(sent).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(sent).toEqual([[1, 2, 3]]);

      batcher.add(4);
      vi.advanceTimersByTime(10);
      expect(sent).toEqual([[1, 2, 3], [4]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not wait longer when more items are added', () => {
    vi.useFakeTimers();
    try {
      const { sent, batcher } = timed();
      for (let item = 1; item <= 12; item += 1) {
        batcher.add(item);
        vi.advanceTimersByTime(3);
      }
      expect(sent.length).toBeGreaterThanOrEqual(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('sends full batches at once', () => {
    const { sent, batcher } = timed();
    for (let item = 0; item < 70; item += 1) batcher.add(item);
    expect(sent.map(({ length }) => length)).toEqual([32, 32]);
  });

  it('sends the waiting items when it is flushed, and nothing when there are none', async () => {
    const { sent, batcher } = timed();
    batcher.add(1);
    await batcher.flush();
    await batcher.flush();
    expect(sent).toEqual([[1]]);
  });
});
