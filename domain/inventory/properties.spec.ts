import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderId, productId } from '../kernel/ids.ts';
import { attempt, deepFreeze } from '../testing/given-when-then.ts';
import type { InventoryCommand } from './commands.ts';
import { inventoryDecider } from './decider.ts';
import { type InventoryEvent, inventoryEvents } from './events.ts';
import { fromSnapshot, takeSnapshot } from './snapshot.ts';
import { heldFor, type InventoryState, levels, reservationOf } from './state.ts';

const { evolve, initialState } = inventoryDecider;
const lantern = productId('71053');
const orderIds = ['o-1', 'o-2', 'o-3', 'o-4'].map(orderId);

const ofReservation = fc.constantFrom(...orderIds).map((orderId, index = orderIds.indexOf(orderId)) => ({
  productId: lantern,
  orderId,
  orderPosition: `10${index}`,
}));
const quantity = fc.nat(12);
const command: fc.Arbitrary<InventoryCommand> = fc.oneof(
  quantity.map((quantity) => ({ type: 'OpenStock' as const, productId: lantern, quantity })),
  quantity.map((quantity) => ({ type: 'ReceiveStock' as const, productId: lantern, quantity })),
  fc
    .integer({ min: -12, max: 12 })
    .map((quantity) => ({ type: 'AdjustStock' as const, productId: lantern, quantity, reason: 'counted' })),
  fc
    .tuple(ofReservation, quantity)
    .map(([of, quantity]) => ({ type: 'ReserveStock' as const, ...of, quantity })),
  ofReservation.map((of) => ({ type: 'ReleaseStock' as const, ...of })),
  ofReservation.map((of) => ({ type: 'CommitStock' as const, ...of })),
);

const send = (state: InventoryState, command: InventoryCommand) => attempt(inventoryDecider, state, command);

function expectSound(state: InventoryState) {
  const { onHand, reserved, available } = levels(state);
  const held = orderIds.map((orderId) => heldFor(state, orderId) ?? 0).reduce((a, b) => a + b, 0);
  expect(onHand).toBeGreaterThanOrEqual(0);
  expect(available).toBeGreaterThanOrEqual(0);
  expect(reserved).toBe(held);
}

describe('the stock of a product, after any commands', () => {
  it('stock is never negative, never oversold, and equal to the sum of its events', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        let state = deepFreeze(initialState);
        const log: InventoryEvent[] = [];
        for (const command of commands) {
          const after = send(state, command);
          state = after.state;
          log.push(...after.events);
          expectSound(state);
        }
        const moved = log.reduce((total, { type, data }) => {
          if (type === 'StockOpened' || type === 'StockReceived' || type === 'StockAdjusted')
            return total + data.quantity;
          return type === 'StockCommitted' ? total - data.quantity : total;
        }, 0);
        expect(state.onHand).toBe(moved);
        for (const { type, data } of log)
          expect(inventoryEvents.find((known) => known.type === type)?.schema.safeParse(data).success).toBe(
            true,
          );
      }),
    );
  });

  it('a repeated reservation has the same answer and records no event', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let state = deepFreeze(initialState);
        for (const command of commands) {
          state = send(state, command).state;
          if (command.type === 'ReceiveStock' || command.type === 'AdjustStock') continue;
          expect(send(state, command).events).toEqual([]);
        }
      }),
    );
  });

  it('a closed order never gets a reservation again', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        let state = deepFreeze(initialState);
        const closed = new Set<string>();
        for (const command of commands) {
          const after = send(state, command);
          state = after.state;
          for (const { type, data } of after.events) {
            if (type === 'StockReserved') expect(closed).not.toContain(data.orderId);
            else if ('orderId' in data) closed.add(data.orderId);
          }
        }
      }),
    );
  });

  it('is the same after a snapshot was written as JSON and read back', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), command, (commands, next) => {
        const state = commands.reduce((state, command) => send(state, command).state, initialState);
        const restored = fromSnapshot(JSON.parse(JSON.stringify(takeSnapshot(state))));
        expect(levels(restored)).toEqual(levels(state));
        for (const orderId of orderIds)
          expect(reservationOf(restored, { orderId, orderPosition: '101', quantity: 1 })).toEqual(
            reservationOf(state, { orderId, orderPosition: '101', quantity: 1 }),
          );
        expect(send(restored, next).events).toEqual(send(state, next).events);
        expect(takeSnapshot(restored)).toEqual(takeSnapshot(state));
      }),
    );
  });
});

describe('evolve of the stock', () => {
  it('accepts any events in any order', () => {
    const about = { productId: lantern, orderId: orderId('o-1'), orderPosition: '100' };
    const event: fc.Arbitrary<InventoryEvent> = fc.constantFrom<InventoryEvent>(
      { type: 'StockReserved', data: { ...about, quantity: 1 } },
      { type: 'StockReleased', data: { ...about, quantity: 1 } },
      { type: 'StockCommitted', data: { ...about, quantity: 1 } },
      {
        type: 'StockReservationRefused',
        data: { ...about, requested: 1, available: 0, cause: 'short' },
      },
      { type: 'StockOpened', data: { productId: lantern, quantity: 1 } },
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        events.reduce(
          (state, event) => deepFreeze(evolve(state, deepFreeze(event))),
          deepFreeze(initialState),
        );
      }),
    );
  });
});
