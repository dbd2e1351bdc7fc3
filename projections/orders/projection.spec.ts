import { describe, expect, it } from 'vitest';
import {
  exceptionRecorded,
  ofOrder,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderRejected,
  orderShipped,
  paymentCaptured,
  paymentRefunded,
  paymentRequested,
  shipmentCancelled,
  shipmentDispatched,
  shipmentRequested,
} from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { ordersProjection } from './projection.ts';

const MUGS: [string, number, number][] = [['mug', 3, 255]];
const order = (log: TestLog) => bodies(fold(ordersProjection, log.events)).o1;

describe('the read model orders', () => {
  it('shows an order as it was placed', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', [...MUGS, ['tray', 1, 1000]]));

    expect(order(log)).toEqual({
      orderId: 'o1',
      customerId: 'ann',
      status: 'placed',
      items: [
        {
          productId: 'mug',
          name: 'the mug',
          quantity: 3,
          unitPrice: { amount: 255, currency: 'GBP' },
          lineTotal: { amount: 765, currency: 'GBP' },
        },
        {
          productId: 'tray',
          name: 'the tray',
          quantity: 1,
          unitPrice: { amount: 1000, currency: 'GBP' },
          lineTotal: { amount: 1000, currency: 'GBP' },
        },
      ],
      total: { amount: 1765, currency: 'GBP' },
      placedAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:01.000Z',
      revision: '0',
    });
  });

  it('shows payment and shipment of a shipped order, with the revision of the order stream', () => {
    expect(order(shippedOrder())).toMatchObject({
      status: 'shipped',
      payment: { status: 'captured', capturedAt: '2026-03-01T12:30:00.000Z' },
      shipment: {
        status: 'dispatched',
        carrier: 'Post',
        trackingNumber: 'T1',
        dispatchedAt: '2026-03-01T13:00:00.000Z',
      },
      revision: '2',
      updatedAt: '2026-03-01T12:00:07.000Z',
    });
  });

  it('shows a delivered order', () => {
    const log = shippedOrder();
    const deliveredAt = '2026-03-02T09:00:00.000Z';
    log.record('shipment-o1', { type: 'ShipmentDelivered', data: { ...ofOrder('o1'), deliveredAt } });
    log.record('order-o1', { type: 'OrderDelivered', data: ofOrder('o1') });

    expect(order(log)).toMatchObject({
      status: 'delivered',
      shipment: { status: 'delivered', carrier: 'Post', deliveredAt },
      revision: '3',
    });
  });

  it('shows why an order was rejected and which products were short', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', MUGS));
    log.record('order-o1', orderRejected('o1'));

    const rejected = order(log);
    expect(rejected).toMatchObject({
      status: 'rejected',
      rejection: { reason: 'out of stock', short: [{ productId: 'mug', requested: 3, available: 1 }] },
    });
    expect(rejected).not.toHaveProperty('payment');
    expect(rejected).not.toHaveProperty('shipment');
  });

  it('shows why a payment was declined', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', MUGS));
    log.record('payment-o1', paymentRequested('o1', 765));
    log.record('payment-o1', {
      type: 'PaymentDeclined',
      data: { ...ofOrder('o1'), reason: 'no funds' },
    });

    expect(order(log)).toMatchObject({ payment: { status: 'declined', reason: 'no funds' } });
  });

  it('shows a cancelled order with its cancelled shipment and its refund', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', MUGS));
    log.record('payment-o1', paymentRequested('o1', 765));
    log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
    log.record('shipment-o1', shipmentCancelled('o1'));
    log.record('order-o1', orderCancelled('o1'));
    log.record('payment-o1', paymentRefunded('o1', 765, '2026-03-02T08:00:00.000Z'));

    expect(order(log)).toMatchObject({
      status: 'cancelled',
      payment: {
        status: 'refunded',
        capturedAt: '2026-03-01T12:30:00.000Z',
        refundedAt: '2026-03-02T08:00:00.000Z',
      },
      shipment: { status: 'cancelled', cancelledBy: 'ann' },
      cancellation: { reason: 'changed my mind', by: 'ann', at: '2026-03-01T12:00:05.000Z' },
      revision: '1',
    });
  });

  it('shows exceptions, each with its parked item', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', [['mug', 1, 255]]));
    for (const number of [1, 2]) log.record('fulfilment-o1', exceptionRecorded('o1', number));
    const { exceptions = [], revision } = bodies(fold(ordersProjection, log.events)).o1 ?? {};

    expect(exceptions).toMatchObject([
      { kind: 'dispatched-after-cancel', at: '2026-03-01T13:00:00.000Z' },
      { detail: 'Post took the parcel T2 after the shipment was cancelled' },
    ]);
    expect(new Set(exceptions.map(({ parkedId }) => parkedId)).size).toBe(2);
    expect(revision).toBe('0');
  });

  it('shows who cancelled an order and when, without a reason', () => {
    const log = new TestLog();
    log.record('order-o1', orderPlaced('o1', MUGS));
    log.record('order-o1', { type: 'OrderCancelled', data: { ...ofOrder('o1'), cancelledBy: 'olga' } });

    expect(order(log)?.cancellation).toEqual({ by: 'olga', at: '2026-03-01T12:00:02.000Z' });
  });

  it('never contains the payment token', () => {
    expect(JSON.stringify(order(shippedOrder()))).not.toContain('tok_');
  });

  it('accepts events in any order', () => {
    const backwards = shippedOrder().events.toReversed();

    expect(bodies(fold(ordersProjection, backwards)).o1).toMatchObject({ status: 'placed' });
  });

  it('produces the same documents after a crash', () => {
    const { events } = shippedOrder();

    expect(fold(ordersProjection, events)).toEqual(fold(ordersProjection, events));
    expect(differencesAfterCrashes(ordersProjection, events)).toEqual([]);
  });
});

function shippedOrder(): TestLog {
  const log = new TestLog();
  log.record('order-o1', orderPlaced('o1', MUGS));
  log.record('payment-o1', paymentRequested('o1', 765));
  log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
  log.record('order-o1', orderConfirmed('o1'));
  log.record('shipment-o1', shipmentRequested('o1'));
  log.record('shipment-o1', shipmentDispatched('o1'));
  log.record('order-o1', orderShipped('o1'));
  return log;
}
