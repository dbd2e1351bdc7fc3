import { describe, expect, it } from 'vitest';
import { orderId, productId } from '../kernel/ids.ts';
import type { InventoryCommand } from './commands.ts';
import { inventoryDecider } from './decider.ts';
import type { InventoryEvent } from './events.ts';
import { takeSnapshot } from './snapshot.ts';
import { type InventoryState, reservationOf } from './state.ts';

const { decide, evolve, initialState } = inventoryDecider;
const lantern = productId('71053');
const START = Date.parse('2010-12-01T08:00:00.000Z');

/** The n-th order of the day, placed n seconds after the shop opened; its id is as long as a UUID. */
const order = (n: number) => ({
  productId: lantern,
  orderId: orderId(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
  placedAt: new Date(START + n * 1_000).toISOString(),
});
const reserve = (n: number): InventoryCommand => ({ type: 'ReserveStock', ...order(n), quantity: 1 });
const release = (n: number): InventoryCommand => ({ type: 'ReleaseStock', ...order(n) });
const received: InventoryEvent = { type: 'StockReceived', data: { productId: lantern, quantity: 1_000_000 } };

const fold = (events: readonly InventoryEvent[], from: InventoryState = initialState) =>
  events.reduce(evolve, from);

/** Orders `from` to `to`, without `to`, reserved and sent off. */
const sold = (from: number, to: number): InventoryEvent[] =>
  Array.from({ length: to - from }, (_, i): InventoryEvent[] => [
    { type: 'StockReserved', data: { ...order(from + i), quantity: 1 } },
    { type: 'StockCommitted', data: { ...order(from + i), quantity: 1 } },
  ]).flat();

describe('a product remembers', () => {
  const tenThousand = fold([received, ...sold(0, 10_000)]);
  const oneMore = fold(sold(10_000, 10_001), tenThousand);

  it('the last 10,000 closed orders by id', () => {
    expect(tenThousand.closed.oldestFirst.size).toBe(10_000);
    expect(tenThousand.closed.droppedUpTo).toBeNull();
    expect(decide(reserve(0), tenThousand)).toEqual([]);
  });

  it('those before them by the newest of their times', () => {
    expect(oneMore.closed.oldestFirst.size).toBe(10_000);
    expect(oneMore.closed.droppedUpTo).toBe(START);
    expect(decide(reserve(0), oneMore)).toEqual([]);
    expect(reservationOf(oneMore, order(0).orderId, 1)).toMatchObject({ held: false, requested: 1 });
    expect(decide(release(0), oneMore)).toEqual([]);
    expect(decide({ type: 'CommitStock', ...order(0) }, oneMore)).toEqual([]);
  });

  it('not the newest closed by mistake: an order placed later is served', () => {
    expect(decide(reserve(1), oneMore)).toEqual([]);
    expect(decide(reserve(10_002), oneMore)).toMatchObject([{ type: 'StockReserved' }]);
  });

  it('an order that is open, however old', () => {
    const opened: InventoryEvent = { type: 'StockReserved', data: { ...order(0), quantity: 3 } };
    const state = fold([received, opened, ...sold(1, 10_500)]);
    expect(decide(reserve(0), state)).toEqual([]);
    expect(decide(release(0), state)).toMatchObject([{ type: 'StockReleased', data: { quantity: 3 } }]);
  });

  it('orders that a clock a day ahead has dated, rather than refuse all others for a day', () => {
    const tomorrow = (n: number) => ({
      ...order(n),
      placedAt: new Date(START + 86_400_000 + n).toISOString(),
    });
    const ahead = [0, 1, 2].map((n): InventoryEvent => {
      return { type: 'StockReleased', data: { ...tomorrow(n), quantity: 0 } };
    });
    const state = fold([received, ...ahead, ...sold(10, 25_000)]);
    expect(state.closed.oldestFirst.size).toBe(10_000);
    expect(decide(reserve(25_001), state)).toMatchObject([{ type: 'StockReserved' }]);
    expect(decide({ ...reserve(0), ...tomorrow(0) } as InventoryCommand, state)).toEqual([]);
  });

  it('no order for ever: where all are dated ahead, theirs is the time', () => {
    const state = fold([received, ...sold(100_000, 112_000), ...sold(0, 100)]);
    expect(state.closed.oldestFirst.size).toBe(10_000);
    expect(state.closed.droppedUpTo).toBeGreaterThan(START + 100_000_000);
  });

  it('the time of a dropped order by the instant, not by how it was written', () => {
    const unheardOf = {
      type: 'ReserveStock',
      productId: lantern,
      orderId: orderId('o-1'),
      quantity: 1,
    } as const;
    expect(decide({ ...unheardOf, placedAt: '2010-12-01T08:00:00Z' }, oneMore)).toEqual([]);
    expect(decide({ ...unheardOf, placedAt: '2010-12-01T08:00:00.001Z' }, oneMore)).toMatchObject([
      { type: 'StockReserved' },
    ]);
  });
});

describe('a hot product', () => {
  const busy = fold([
    received,
    ...sold(0, 12_000),
    ...Array.from({ length: 5_000 }, (_, i): InventoryEvent => {
      return { type: 'StockReserved', data: { ...order(20_000 + i), quantity: 1 } };
    }),
  ]);

  it('is folded without copying what it remembers', () => {
    const events = sold(30_000, 35_000);
    const before = process.cpuUsage();
    const after = fold(events, busy);
    const { user, system } = process.cpuUsage(before);
    expect(after.onHand).toBe(busy.onHand - 5_000);
    // Some 40 ms of this process alone; copying 10,000 entries an event would take seconds.
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it('has a snapshot below the 1 MiB that one append may carry', () =>
    expect(Buffer.byteLength(JSON.stringify(takeSnapshot(busy)))).toBeLessThan(1_048_576));
});
