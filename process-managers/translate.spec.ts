import { describe, expect, it } from 'vitest';
import { orderEvents } from '../domain/order/events.ts';
import { paymentEvents } from '../domain/payment/events.ts';
import { shipmentEvents } from '../domain/shipment/events.ts';
import { translate } from './translate.ts';

const NOW = '2026-01-05T10:00:00.000Z';
const AT = { commit: 10_423n, prepare: 10_420n };
const of = { orderId: 'o-1', customerId: 'ann' };
const price = { amount: 250, currency: 'GBP' };

describe('what fulfilment takes an event for', () => {
  it('a placed order: the order with its lines, without their prices', () => {
    const lines = [{ productId: 'tea', name: 'Tea', quantity: 2, unitPrice: price, lineTotal: price }];
    const data = { ...of, lines, total: price, paymentToken: 'tok_ok', placedAt: NOW };
    expect(translate({ type: 'OrderPlaced', data }, NOW, AT)).toEqual({
      type: 'NoteOrderPlaced',
      ...of,
      now: NOW,
      lines: [{ productId: 'tea', quantity: 2 }],
      total: price,
      paymentToken: 'tok_ok',
      orderPosition: '10423',
    });
  });

  it.each([
    ['PaymentCaptured', { amount: price, reference: 'r', capturedAt: NOW }, { type: 'NotePaymentCaptured' }],
    ['PaymentDeclined', { reason: 'no' }, { type: 'NotePaymentDeclined', reason: 'no' }],
    ['PaymentFailed', { reason: 'away' }, { type: 'NotePaymentFailed', reason: 'away' }],
    [
      'RefundRequested',
      { reason: 'broken', requestedBy: 'olga' },
      { type: 'NoteRefundRequested', reason: 'broken' },
    ],
    [
      'PaymentRefunded',
      { amount: price, reason: 'broken', reference: 'r', refundedAt: NOW },
      { type: 'NotePaymentRefunded' },
    ],
    [
      'ShipmentDispatched',
      { carrier: 'C', trackingNumber: 'T', dispatchedAt: NOW },
      { type: 'NoteShipmentDispatched', carrier: 'C', trackingNumber: 'T' },
    ],
    ['ShipmentDelivered', { deliveredAt: NOW }, { type: 'NoteShipmentDelivered' }],
    ['ShipmentCancelled', { cancelledBy: 'ann' }, { type: 'NoteShipmentCancelled', cancelledBy: 'ann' }],
    [
      'ShipmentCancelled',
      { cancelledBy: 'ann', reason: 'late' },
      { type: 'NoteShipmentCancelled', cancelledBy: 'ann', reason: 'late' },
    ],
  ])('%s', (type, data, input) => {
    expect(translate({ type, data: { ...of, ...data } }, NOW, AT)).toEqual({
      orderId: 'o-1',
      now: NOW,
      ...input,
    });
  });

  it('nothing else: what its own steps led to, and what it never heard of', () => {
    const heard = [...orderEvents, ...paymentEvents, ...shipmentEvents].filter(
      ({ type }) => translate({ type, data: { ...of, lines: [] } }, NOW, AT) === undefined,
    );
    expect(heard.map(({ type }) => type)).toEqual([
      'OrderConfirmed',
      'OrderRejected',
      'OrderShipped',
      'OrderDelivered',
      'OrderCancelled',
      'PaymentRequested',
      'PaymentDoubtResolved',
      'ShipmentRequested',
    ]);
    expect(translate({ type: 'toString', data: of }, NOW, AT)).toBeUndefined();
  });
});
