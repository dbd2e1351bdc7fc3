import { describe, expect, it } from 'vitest';
import { orderEvents } from '../order/events.ts';
import { paymentEvents } from '../payment/events.ts';
import { shipmentEvents } from '../shipment/events.ts';
import { factsOf, isReceived } from './facts.ts';
import type { OrderStoryEvent } from './inputs.ts';
import { initialFulfilment } from './state.ts';
import { paid, recalled } from './testing/events.ts';
import { ofOrder, on, owner, placedAt, total } from './testing/order.ts';

const known = [...orderEvents, ...paymentEvents, ...shipmentEvents].map(({ type }) => type);

describe('the events that the fulfilment of an order receives', () => {
  it('are those that add facts about the payment or the shipment', () =>
    expect(known.filter(isReceived)).toEqual([
      'PaymentCaptured',
      'PaymentDeclined',
      'PaymentFailed',
      'RefundRequested',
      'PaymentRefunded',
      'PaymentContradicted',
      'ShipmentDispatched',
      'ShipmentDelivered',
      'ShipmentCancelled',
      'ShipmentContradicted',
      'ShipmentRecalled',
    ]));

  it('do not include events of its own commands, or the placing of the order, which begins it', () =>
    expect(known.filter((type) => !isReceived(type))).toEqual([
      'OrderPlaced',
      'OrderConfirmed',
      'OrderRejected',
      'OrderShipped',
      'OrderDelivered',
      'OrderCancelled',
      'PaymentRequested',
      'PaymentDoubtResolved',
      'ShipmentRequested',
    ]));

  it('do not include unknown event types, even those named like a property of every object', () =>
    expect(['toString', 'constructor', '__proto__', 'StockReserved', ''].filter(isReceived)).toEqual([]));
});

describe('the facts that an event adds while nothing else is known', () => {
  const now = on('08:30:00');
  it.each<readonly [OrderStoryEvent['type'], object, readonly object[]]>([
    ['PaymentCaptured', { amount: total, reference: 'r', capturedAt: placedAt }, [paid]],
    [
      'PaymentDeclined',
      { reason: 'card expired' },
      [{ type: 'FulfilmentUnpaid', data: { ...ofOrder, outcome: 'declined', reason: 'card expired' } }],
    ],
    [
      'PaymentFailed',
      { reason: 'no answer' },
      [{ type: 'FulfilmentUnpaid', data: { ...ofOrder, outcome: 'failed', reason: 'no answer' } }],
    ],
    [
      'RefundRequested',
      { reason: 'broken', requestedBy: 'olga' },
      [paid, { type: 'RefundOwed', data: { ...ofOrder, reason: 'broken' } }],
    ],
    [
      'PaymentRefunded',
      { amount: total, reason: 'broken', reference: 'r', refundedAt: placedAt },
      [paid, { type: 'RefundSettled', data: ofOrder }],
    ],
    [
      'ShipmentDispatched',
      { carrier: 'Royal Mail', trackingNumber: 'RM1', dispatchedAt: placedAt },
      [
        paid,
        { type: 'FulfilmentDispatched', data: { ...ofOrder, carrier: 'Royal Mail', trackingNumber: 'RM1' } },
      ],
    ],
    ['ShipmentDelivered', { deliveredAt: placedAt }, [{ type: 'FulfilmentDelivered', data: ofOrder }]],
    [
      'ShipmentCancelled',
      { cancelledBy: 'ann' },
      [{ type: 'FulfilmentCancelled', data: { ...ofOrder, cancelledBy: 'ann' } }],
    ],
    [
      'ShipmentCancelled',
      { cancelledBy: 'ann', reason: 'late' },
      [{ type: 'FulfilmentCancelled', data: { ...ofOrder, cancelledBy: 'ann', reason: 'late' } }],
    ],
  ])('are its content without prices, tokens and times: %s with %o', (type, data, facts) => {
    const event = { type, data: { ...owner, ...data } } as OrderStoryEvent;
    expect(factsOf(event, initialFulfilment, now)).toStrictEqual(facts);
  });

  it('are the response of the carrier when a recall is owed', () => {
    const event: OrderStoryEvent = {
      type: 'ShipmentRecalled',
      data: { ...owner, outcome: 'returning', recalledAt: placedAt },
    };
    expect(factsOf(event, { ...initialFulfilment, recall: 'owed' }, now)).toStrictEqual([
      recalled('returning'),
    ]);
    expect(factsOf(event, initialFulfilment, now)).toEqual([]);
  });

  it('are none for an event that the fulfilment does not receive', () => {
    const event: OrderStoryEvent = { type: 'ShipmentRequested', data: owner };
    expect(factsOf(event, initialFulfilment, now)).toEqual([]);
  });
});
