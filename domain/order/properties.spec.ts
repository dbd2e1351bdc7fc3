import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerId, orderId, productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { attempt, deepFreeze } from '../testing/given-when-then.ts';
import type { OrderCommand } from './commands.ts';
import { orderDecider } from './decider.ts';
import { type OrderEvent, orderEvents } from './events.ts';
import type { OrderState } from './state.ts';

const { decide, initialState } = orderDecider;

const line = fc.record({
  productId: fc.constantFrom('71053', '85123A').map(productId),
  name: fc.constant('LANTERN'),
  quantity: fc.integer({ min: 1, max: 1_000_000 }),
  unitPrice: fc.integer({ min: 1, max: 1_000_000 }).map((amount) => money(amount, 'GBP')),
});
const place = fc.array(line, { minLength: 1, maxLength: 20 }).map((lines) => ({
  type: 'PlaceOrder' as const,
  orderId: orderId('o-1'),
  customerId: customerId('17850'),
  lines,
  paymentToken: 'tok_ok',
  placedAt: '2010-12-01T08:26:00Z',
}));
const command: fc.Arbitrary<OrderCommand> = fc.oneof(
  place,
  fc.constantFrom<OrderCommand>(
    { type: 'ConfirmOrder' },
    { type: 'RejectOrder', reason: 'out of stock' },
    { type: 'MarkOrderShipped', carrier: 'Royal Mail', trackingNumber: 'RM1' },
    { type: 'MarkOrderDelivered' },
    { type: 'CancelOrder', cancelledBy: '17850' },
  ),
);

const send = (state: OrderState, command: OrderCommand) => attempt(orderDecider, state, command);

describe('after any commands', () => {
  it('the events of an order follow one of its three sequences', () => {
    const ways = [
      ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered'],
      ['OrderPlaced', 'OrderRejected'],
      ['OrderPlaced', 'OrderCancelled'],
      ['OrderPlaced', 'OrderConfirmed', 'OrderCancelled'],
    ].map((way) => way.join());
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let state: OrderState = deepFreeze(initialState);
        const log: OrderEvent[] = [];
        for (const command of commands) {
          const after = send(state, command);
          state = after.state;
          log.push(...after.events);
        }
        const taken = log.map(({ type }) => type).join();
        expect(ways.some((way) => way.startsWith(taken))).toBe(true);
        for (const { type, data } of log)
          expect(orderEvents.find((known) => known.type === type)?.schema.safeParse(data).success).toBe(true);
      }),
    );
  });

  it('a repeated command records no event', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let state: OrderState = deepFreeze(initialState);
        for (const command of commands) {
          state = send(state, command).state;
          expect(send(state, command).events).toEqual([]);
        }
      }),
    );
  });
});

describe('the total of any order', () => {
  it('is the sum of its lines', () => {
    fc.assert(
      fc.property(place, (command) => {
        const [placed] = decide(command, initialState);
        if (placed?.type !== 'OrderPlaced') return expect.fail('nothing was placed');
        const exact = command.lines.reduce(
          (total, { quantity, unitPrice }) => total + BigInt(quantity) * BigInt(unitPrice.amount),
          0n,
        );
        expect(BigInt(placed.data.total.amount)).toBe(exact);
      }),
    );
  });
});
