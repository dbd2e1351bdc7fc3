import { describe, expect, it } from 'vitest';
import { orderId, productId } from '../kernel/ids.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { InventoryCommand } from './commands.ts';
import { inventoryDecider } from './decider.ts';
import { StockBelowReserved, StockNotReserved, StockTooLarge } from './errors.ts';
import { type InventoryEvent, inventoryEvents } from './events.ts';
import { levels, reservationOf } from './state.ts';

const { given } = specOf(inventoryDecider, inventoryEvents);

const lantern = productId('71053');
const first = { productId: lantern, orderId: orderId('o-1'), orderPosition: '101' };
const second = { productId: lantern, orderId: orderId('o-2'), orderPosition: '102' };

const opened: InventoryEvent = { type: 'StockOpened', data: { productId: lantern, quantity: 10 } };
const reserve: InventoryCommand = { type: 'ReserveStock', ...first, quantity: 6 };
const reserved: InventoryEvent = { type: 'StockReserved', data: { ...first, quantity: 6 } };
const release: InventoryCommand = { type: 'ReleaseStock', ...first };
const released = (quantity: number): InventoryEvent => ({
  type: 'StockReleased',
  data: { ...first, quantity },
});
const commit: InventoryCommand = { type: 'CommitStock', ...first };
const committed: InventoryEvent = { type: 'StockCommitted', data: { ...first, quantity: 6 } };
const rejected = (available: number): InventoryEvent => ({
  type: 'StockReservationRefused',
  data: { ...first, requested: 6, available, cause: 'short' },
});

describe('stock on hand', () => {
  const open: InventoryCommand = { type: 'OpenStock', productId: lantern, quantity: 10 };
  const receive: InventoryCommand = { type: 'ReceiveStock', productId: lantern, quantity: 5 };
  const received: InventoryEvent = { type: 'StockReceived', data: { productId: lantern, quantity: 5 } };

  it('is opened once, also with no units', () => {
    given().when(open).then(opened);
    given(opened).when(open).thenNothing();
    given()
      .when({ ...open, quantity: 0 })
      .then({ type: 'StockOpened', data: { productId: lantern, quantity: 0 } });
  });
  it('grows with each receipt, opened or not', () => {
    given(opened, received).when(receive).then(received);
    given(received).when(open).then(opened);
    expect(levels(given(received, opened, received).state()).onHand).toBe(20);
  });
  it('can be adjusted up and down', () => {
    const adjust = { type: 'AdjustStock', productId: lantern, reason: 'counted' } as const;
    const adjusted = (quantity: number): InventoryEvent => ({
      type: 'StockAdjusted',
      data: { productId: lantern, quantity, reason: 'counted' },
    });
    given(opened)
      .when({ ...adjust, quantity: -10 })
      .then(adjusted(-10));
    given(opened)
      .when({ ...adjust, quantity: 3 })
      .then(adjusted(3));
    given(opened)
      .when({ ...adjust, quantity: 0 })
      .thenNothing();
    expect(levels(given(opened, adjusted(-3)).state()).onHand).toBe(7);
  });
  it('is never adjusted below the reserved units', () =>
    given(opened, reserved)
      .when({ type: 'AdjustStock', productId: lantern, quantity: -5, reason: 'broken' })
      .thenRejects(StockBelowReserved, { productId: '71053', quantity: -5, onHand: 10, reserved: 6 }));
  it('is never more than an exact integer', () => {
    const maximum = Number.MAX_SAFE_INTEGER;
    given(opened)
      .when({ ...receive, quantity: maximum })
      .thenRejects(StockTooLarge, { onHand: 10, quantity: maximum });
    given(opened)
      .when({ type: 'AdjustStock', productId: lantern, quantity: maximum, reason: 'counted' })
      .thenRejects(StockTooLarge);
  });
});

describe('reserving stock', () => {
  it('reserves all units of the line', () => {
    given(opened).when(reserve).then(reserved);
    const state = given(opened, reserved).state();
    expect(levels(state)).toEqual({ onHand: 10, reserved: 6, available: 4 });
    expect(reservationOf(state, { ...first, quantity: 6 })).toEqual({ held: true });
  });
  it('reserves the last unit', () =>
    given(opened)
      .when({ ...reserve, quantity: 10 })
      .then({ type: 'StockReserved', data: { ...first, quantity: 10 } }));
  it('is rejected when one unit is missing, with the available units', () => {
    const shortBy1 = { ...second, requested: 5, available: 4 };
    given(opened, reserved)
      .when({ type: 'ReserveStock', ...second, quantity: 5 })
      .then({ type: 'StockReservationRefused', data: { ...shortBy1, cause: 'short' } });
  });
  it('is rejected when the product never had stock', () => given().when(reserve).then(rejected(0)));
  it('has no effect when it is repeated', () => given(opened, reserved).when(reserve).thenNothing());
  it('stays rejected after stock was received, and the state has the recorded answer', () => {
    const received: InventoryEvent = { type: 'StockReceived', data: { productId: lantern, quantity: 50 } };
    given(rejected(0), received).when(reserve).thenNothing();
    expect(reservationOf(given(rejected(0), received).state(), { ...first, quantity: 6 })).toEqual({
      held: false,
      requested: 6,
      available: 0,
    });
  });
  it('records nothing after a release or a commitment', () => {
    given(opened, released(0)).when(reserve).thenNothing();
    given(opened, reserved, committed).when(reserve).thenNothing();
    expect(reservationOf(given(opened, released(0)).state(), { ...first, quantity: 6 })).toEqual({
      held: false,
      requested: 6,
      available: 10,
    });
  });
});

describe('releasing stock', () => {
  it('frees the reserved units', () => {
    given(opened, reserved).when(release).then(released(6));
    expect(levels(given(opened, reserved, released(6)).state())).toEqual({
      onHand: 10,
      reserved: 0,
      available: 10,
    });
  });
  it('closes an order without a reservation', () => given(opened).when(release).then(released(0)));
  it('has no effect on a closed order', () => {
    given(opened, reserved, released(6)).when(release).thenNothing();
    given(opened, reserved, committed).when(release).thenNothing();
    given(rejected(0)).when(release).thenNothing();
  });
  it('keeps the reservations of other orders', () => {
    const other: InventoryEvent = { type: 'StockReserved', data: { ...second, quantity: 1 } };
    const state = given(opened, reserved, other, released(6)).state();
    expect(levels(state).reserved).toBe(1);
    expect(reservationOf(state, { ...second, quantity: 1 })).toEqual({ held: true });
  });
});

describe('committing stock', () => {
  it('takes the reserved units out of the stock', () => {
    given(opened, reserved).when(commit).then(committed);
    expect(levels(given(opened, reserved, committed).state())).toEqual({
      onHand: 4,
      reserved: 0,
      available: 4,
    });
  });
  it('has no effect on a closed order', () => {
    given(opened, reserved, committed).when(commit).thenNothing();
    given(opened, reserved, released(6)).when(commit).thenNothing();
  });
  it('is rejected without a reservation', () =>
    given(opened).when(commit).thenRejects(StockNotReserved, { productId: '71053', orderId: 'o-1' }));
});
