import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderId, productId } from '../kernel/ids.ts';
import type { InventoryCommand, ReserveStock } from './commands.ts';
import { inventoryDecider } from './decider.ts';
import type { InventoryEvent } from './events.ts';
import { fromSnapshot, takeSnapshot } from './snapshot.ts';
import { type InventoryState, reservationOf } from './state.ts';

const { decide, evolve, initialState } = inventoryDecider;
const lantern = productId('71053');

/** Returns the n-th order, at log position 100·n; its id is as long as a UUID. */
const order = (n: number) => ({
  productId: lantern,
  orderId: orderId(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
  orderPosition: String(100 * (n + 1)),
});
const reserve = (n: number): ReserveStock => ({ type: 'ReserveStock', ...order(n), quantity: 1 });
const release = (n: number): InventoryCommand => ({ type: 'ReleaseStock', ...order(n) });
const commit = (n: number): InventoryCommand => ({ type: 'CommitStock', ...order(n) });
const received: InventoryEvent = { type: 'StockReceived', data: { productId: lantern, quantity: 1_000_000 } };

const fold = (events: readonly InventoryEvent[], from: InventoryState = initialState) =>
  events.reduce(evolve, from);

/** Orders `from` to `to`, without `to`, reserved and sent off. */
const sold = (from: number, to: number): InventoryEvent[] =>
  Array.from({ length: to - from }, (_, i): InventoryEvent[] => [
    { type: 'StockReserved', data: { ...order(from + i), quantity: 1 } },
    { type: 'StockCommitted', data: { ...order(from + i), quantity: 1 } },
  ]).flat();

const tenThousand = fold([received, ...sold(0, 10_000)]);
const oneMore = fold(sold(10_000, 10_001), tenThousand);

describe('the closed orders of a product', () => {
  it('remembers the last 10,000 closed orders by id', () => {
    expect(tenThousand.closed.oldestFirst.size).toBe(10_000);
    expect(tenThousand.closed.forgotten).toBe(0);
    expect(decide(reserve(0), tenThousand)).toEqual([]);
    expect(reservationOf(tenThousand, reserve(0))).toMatchObject({ held: false, requested: 1 });
  });

  it('remembers the highest log position of older closed orders', () => {
    expect(oneMore.closed.oldestFirst.size).toBe(10_000);
    expect(oneMore.closed).toMatchObject({ forgotten: 1, forgottenUpTo: 100 });
  });

  it('reserves nothing for an order that it may have forgotten, and returns unknown', () => {
    expect(decide(reserve(0), oneMore)).toEqual([]);
    expect(reservationOf(oneMore, reserve(0))).toEqual({ held: 'unknown', closings: 10_001 });
  });

  it('reserves stock for such an order when its fulfilment still waits for it', () => {
    const seen = { ...reserve(0), waitingAt: 10_001 };
    expect(decide(seen, oneMore)).toMatchObject([{ type: 'StockReserved', data: { quantity: 1 } }]);
  });

  it('returns unknown again when 10,000 orders were closed after the fulfilment was read', () => {
    const seen = { ...reserve(0), waitingAt: 10_001 };
    const within = fold(sold(20_000, 30_000), oneMore);
    expect(decide(seen, within)).toMatchObject([{ type: 'StockReserved' }]);
    const beyond = fold(sold(30_000, 30_001), within);
    expect(decide(seen, beyond)).toEqual([]);
    expect(reservationOf(beyond, seen)).toEqual({ held: 'unknown', closings: 20_002 });
  });

  it('closes a forgotten order again when it is released, and ignores a repeated commitment', () => {
    expect(decide(release(0), oneMore)).toMatchObject([{ type: 'StockReleased', data: { quantity: 0 } }]);
    expect(decide(commit(0), oneMore)).toEqual([]);
  });

  it('reserves stock for an order placed after all forgotten orders', () => {
    expect(decide(reserve(1), oneMore)).toEqual([]);
    expect(decide(reserve(10_002), oneMore)).toMatchObject([{ type: 'StockReserved' }]);
  });

  it('remembers an open reservation of any age', () => {
    const opened: InventoryEvent = { type: 'StockReserved', data: { ...order(0), quantity: 3 } };
    const state = fold([received, opened, ...sold(1, 10_500)]);
    expect(decide(reserve(0), state)).toEqual([]);
    expect(decide(release(0), state)).toMatchObject([{ type: 'StockReleased', data: { quantity: 3 } }]);
  });
});

describe('after any reservations, releases and commitments', () => {
  const older = fold([received, ...sold(0, 10_020)]);
  /** Forgotten, remembered and new orders. */
  const number = fc.oneof(
    fc.integer({ min: 0, max: 25 }),
    fc.constantFrom(5_000, 10_019),
    fc.integer({ min: 10_020, max: 10_030 }),
  );
  const step = fc.record({
    n: number,
    type: fc.constantFrom('ReserveStock', 'ReleaseStock', 'CommitStock'),
  } as const);

  it('reserves nothing for closed orders, accepts new ones, and returns the same from a snapshot', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = older;
        const closed = new Set(Array.from({ length: 10_020 }, (_, n) => n));
        const restored = () => fromSnapshot(JSON.parse(JSON.stringify(takeSnapshot(state))));
        for (const { n, type } of steps) {
          const isOpen = reservationOf(state, reserve(n)).held === true;
          if (type === 'CommitStock' && !isOpen) continue;
          const command: InventoryCommand = { type, ...order(n), quantity: 1 };
          const events = decide(command, state);
          state = fold(events, state);
          if (type !== 'ReserveStock') closed.add(n);
          else if (closed.has(n)) expect(events).toEqual([]);
          else expect(reservationOf(state, reserve(n))).toEqual({ held: true });
        }
        expect(reservationOf(restored(), reserve(0))).toEqual(reservationOf(state, reserve(0)));
      }),
      { numRuns: 30 },
    );
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

  it('is folded without copying all its remembered orders', () => {
    const events = sold(30_000, 35_000);
    const before = process.cpuUsage();
    const after = fold(events, busy);
    const { user, system } = process.cpuUsage(before);
    expect(after.onHand).toBe(busy.onHand - 5_000);
    // About 40 ms of CPU time; copying 10,000 entries per event would take seconds.
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it('has a snapshot below the limit of an append, 1 MiB', () =>
    expect(Buffer.byteLength(JSON.stringify(takeSnapshot(busy)))).toBeLessThan(1_048_576));
});
