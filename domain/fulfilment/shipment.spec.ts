import { describe, expect, it } from 'vitest';
import {
  callsAfter,
  commandsAfter,
  commits,
  dispatchCall,
  given,
  markDelivered,
  markShipped,
} from './testing/actions.ts';
import {
  awaitingDispatch,
  awaitingPayment,
  completed,
  delivered,
  dispatched,
  paid,
  shipped,
  timeout,
} from './testing/events.ts';
import { commandsCompleted, received, shipmentDelivered, shipmentDispatched } from './testing/inputs.ts';
import { owner } from './testing/order.ts';

describe('the shipment of a paid order', () => {
  it('is dispatched by the carrier', () => expect(callsAfter(...awaitingDispatch)).toEqual([dispatchCall]));
  it('commits the stock and marks the order as shipped when it is dispatched', () => {
    given(...awaitingDispatch)
      .when(shipmentDispatched)
      .then(dispatched);
    expect(commandsAfter(...awaitingDispatch, dispatched)).toEqual([commits, [markShipped]]);
    given(...awaitingDispatch, dispatched)
      .when(commandsCompleted('ship'))
      .then(completed('shipped'));
  });
  it('is dispatched once', () =>
    given(...shipped)
      .when(shipmentDispatched)
      .thenNothing());
  it('marks a shipped order as delivered when it is delivered', () => {
    given(...shipped)
      .when(shipmentDelivered)
      .then(delivered);
    expect(commandsAfter(...shipped, delivered)).toEqual([[markDelivered]]);
    given(...shipped, delivered)
      .when(commandsCompleted('deliver'))
      .then(completed('shipped'));
    given(...shipped, delivered, completed('shipped'))
      .when(shipmentDelivered)
      .thenNothing();
  });
  it('marks the order as shipped, then as delivered, when the delivery arrives before the dispatch', () => {
    given(...awaitingDispatch)
      .when(shipmentDelivered)
      .then(delivered, timeout(3, 'dispatch', 1, '08:27:00'));
    expect(commandsAfter(...awaitingDispatch, delivered, dispatched)).toEqual([
      commits,
      [markShipped],
      [markDelivered],
    ]);
  });
  it('proves the capture of the payment when the dispatch arrives first', () =>
    given(...awaitingPayment)
      .when(shipmentDispatched)
      .then(paid, dispatched));
  it('records nothing for its own request', () =>
    given(...awaitingDispatch)
      .when(received({ type: 'ShipmentRequested', data: owner }))
      .thenNothing());
});

describe('events of the order itself', () => {
  it('record nothing: the commands of its fulfilment have caused them', () => {
    for (const event of [
      { type: 'OrderConfirmed', data: owner },
      { type: 'OrderRejected', data: { ...owner, reason: 'out of stock' } },
      { type: 'OrderShipped', data: { ...owner, carrier: 'Royal Mail', trackingNumber: 'RM1' } },
      { type: 'OrderDelivered', data: owner },
      { type: 'OrderCancelled', data: { ...owner, cancelledBy: '17850' } },
    ] as const)
      given(...awaitingDispatch)
        .when(received(event))
        .thenNothing();
  });
});
