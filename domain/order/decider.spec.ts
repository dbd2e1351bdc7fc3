import { describe, it } from 'vitest';
import { NotFound } from '../kernel/domain-error.ts';
import { customerId, orderId, productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { CancelOrder, MarkOrderShipped, PlaceOrder } from './commands.ts';
import { orderDecider } from './decider.ts';
import {
  OrderAlreadyClosed,
  OrderAlreadyConfirmed,
  OrderAlreadyShipped,
  OrderNotYetShipped,
  OrderWithoutLines,
  OrderWithoutTotal,
} from './errors.ts';
import { type OrderEvent, orderEvents } from './events.ts';

const { given } = specOf(orderDecider, orderEvents);

const owner = { orderId: orderId('o-1'), customerId: customerId('17850') };
const lantern = {
  productId: productId('71053'),
  name: 'WHITE METAL LANTERN',
  quantity: 6,
  unitPrice: money(339, 'GBP'),
};
const heart = {
  productId: productId('85123A'),
  name: 'WHITE HANGING HEART',
  quantity: 2,
  unitPrice: money(255, 'GBP'),
};

const place: PlaceOrder = {
  type: 'PlaceOrder',
  ...owner,
  lines: [lantern, heart],
  paymentToken: 'tok_ok',
  placedAt: '2010-12-01T08:26:00.000Z',
};
const placed: OrderEvent = {
  type: 'OrderPlaced',
  data: {
    ...owner,
    lines: [
      { ...lantern, lineTotal: money(2034, 'GBP') },
      { ...heart, lineTotal: money(510, 'GBP') },
    ],
    total: money(2544, 'GBP'),
    paymentToken: 'tok_ok',
    placedAt: '2010-12-01T08:26:00.000Z',
  },
};
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: owner };
const ship: MarkOrderShipped = { type: 'MarkOrderShipped', carrier: 'Royal Mail', trackingNumber: 'RM1' };
const shipped: OrderEvent = {
  type: 'OrderShipped',
  data: { ...owner, carrier: 'Royal Mail', trackingNumber: 'RM1' },
};
const delivered: OrderEvent = { type: 'OrderDelivered', data: owner };
const rejected: OrderEvent = { type: 'OrderRejected', data: { ...owner, reason: 'out of stock' } };
const cancel: CancelOrder = { type: 'CancelOrder', reason: 'changed my mind', cancelledBy: '17850' };
const cancelled: OrderEvent = {
  type: 'OrderCancelled',
  data: { ...owner, reason: 'changed my mind', cancelledBy: '17850' },
};

describe('placing an order', () => {
  it('computes the line totals and the total', () => given().when(place).then(placed));
  it('has no effect when it is repeated', () => given(placed).when(place).thenNothing());
  it('is rejected if its lines have several currencies', () =>
    given()
      .when({ ...place, lines: [lantern, { ...heart, unitPrice: money(255, 'EUR') }] })
      .thenRejects(OrderWithoutTotal, {
        faults: [
          {
            productId: '85123A',
            field: 'productId',
            message: '85123A is priced in EUR, the products before it in GBP',
          },
        ],
      }));
  it('is rejected if the total of a line or of the order is beyond 2^53-1', () => {
    const dear = { ...lantern, quantity: 1, unitPrice: money(Number.MAX_SAFE_INTEGER, 'GBP') };
    given()
      .when({ ...place, lines: [{ ...dear, quantity: 2 }] })
      .thenRejects(OrderWithoutTotal, {
        faults: [{ productId: '71053', field: 'quantity', message: '71053: the total is beyond 2^53-1' }],
      });
    given()
      .when({ ...place, lines: [dear, heart] })
      .thenRejects(OrderWithoutTotal, { faults: [{ message: 'the order: the total is beyond 2^53-1' }] });
  });
  it('is rejected without lines', () =>
    given()
      .when({ ...place, lines: [] })
      .thenRejects(OrderWithoutLines, { orderId: 'o-1' }));
});

describe('an order that was never placed', () => {
  it('is not found', () => {
    given().when({ type: 'ConfirmOrder' }).thenRejects(NotFound, { what: 'order' });
    given().when(cancel).thenRejects(NotFound, { what: 'order' });
  });
  it('stays unplaced after any other event', () => given(shipped, delivered).when(place).then(placed));
});

describe('confirming an order', () => {
  const confirm = { type: 'ConfirmOrder' } as const;
  it('is accepted after placing', () => given(placed).when(confirm).then(confirmed));
  it('has no effect when it is repeated, even after shipping', () => {
    given(placed, confirmed).when(confirm).thenNothing();
    given(placed, confirmed, shipped).when(confirm).thenNothing();
  });
  it('is rejected once the order is rejected or cancelled', () => {
    given(placed, rejected).when(confirm).thenRejects(OrderAlreadyClosed, { status: 'rejected' });
    given(placed, cancelled).when(confirm).thenRejects(OrderAlreadyClosed, { status: 'cancelled' });
  });
});

describe('rejecting an order', () => {
  const short = [{ productId: '71053', requested: 6, available: 2 }];
  it('records the products that were short', () =>
    given(placed)
      .when({ type: 'RejectOrder', reason: 'out of stock', short })
      .then({ type: 'OrderRejected', data: { ...owner, reason: 'out of stock', short } }));
  it('records only a reason when nothing was short', () =>
    given(placed).when({ type: 'RejectOrder', reason: 'out of stock' }).then(rejected));
  it('has no effect when it is repeated', () =>
    given(placed, rejected).when({ type: 'RejectOrder', reason: 'again' }).thenNothing());
  it('is rejected once the order is confirmed, shipped or cancelled', () => {
    const reject = { type: 'RejectOrder', reason: 'out of stock' } as const;
    given(placed, confirmed).when(reject).thenRejects(OrderAlreadyConfirmed, { orderId: 'o-1' });
    given(placed, confirmed, shipped).when(reject).thenRejects(OrderAlreadyShipped);
    given(placed, cancelled).when(reject).thenRejects(OrderAlreadyClosed, { status: 'cancelled' });
  });
});

describe('shipping an order', () => {
  it('is accepted after confirming', () => given(placed, confirmed).when(ship).then(shipped));
  it('also confirms an order that is not confirmed', () => given(placed).when(ship).then(confirmed, shipped));
  it('has no effect when it is repeated, even after delivery', () => {
    given(placed, confirmed, shipped).when(ship).thenNothing();
    given(placed, confirmed, shipped, delivered).when(ship).thenNothing();
  });
  it('is rejected once the order is rejected or cancelled', () =>
    given(placed, cancelled).when(ship).thenRejects(OrderAlreadyClosed, { status: 'cancelled' }));
});

describe('delivering an order', () => {
  const deliver = { type: 'MarkOrderDelivered' } as const;
  it('is accepted after shipping', () => given(placed, confirmed, shipped).when(deliver).then(delivered));
  it('has no effect when it is repeated', () =>
    given(placed, confirmed, shipped, delivered).when(deliver).thenNothing());
  it('is rejected before shipping', () =>
    given(placed, confirmed).when(deliver).thenRejects(OrderNotYetShipped, { status: 'confirmed' }));
  it('is rejected once the order is rejected or cancelled', () =>
    given(placed, rejected).when(deliver).thenRejects(OrderAlreadyClosed, { status: 'rejected' }));
});

describe('cancelling an order', () => {
  it('closes a placed or confirmed order', () => {
    given(placed).when(cancel).then(cancelled);
    given(placed, confirmed).when(cancel).then(cancelled);
  });
  it('is accepted without a reason', () =>
    given(placed)
      .when({ type: 'CancelOrder', cancelledBy: 'operator-1' })
      .then({ type: 'OrderCancelled', data: { ...owner, cancelledBy: 'operator-1' } }));
  it('has no effect when it is repeated', () => given(placed, cancelled).when(cancel).thenNothing());
  it('is rejected once the order is shipped or rejected', () => {
    given(placed, confirmed, shipped).when(cancel).thenRejects(OrderAlreadyShipped, { status: 'shipped' });
    given(placed, confirmed, shipped, delivered).when(cancel).thenRejects(OrderAlreadyShipped);
    given(placed, rejected).when(cancel).thenRejects(OrderAlreadyClosed, { status: 'rejected' });
  });
});
