import { describe, expect, it } from 'vitest';
import { noActions } from '../kernel/workflow.ts';
import {
  actionsAfter,
  commandsAfter,
  commits,
  given,
  markDelivered,
  markShipped,
  releases,
} from './testing/actions.ts';
import {
  allocated,
  cancelled,
  capturedAfterCancel,
  completed,
  delivered,
  dispatched,
  failed,
  paid,
  refundOwed,
  started,
  timeout,
} from './testing/events.ts';
import {
  begin,
  commandsCompleted,
  paymentCaptured,
  paymentFailed,
  shipmentCancelled,
  shipmentDelivered,
  shipmentDispatched,
  stockReserved,
} from './testing/inputs.ts';

describe('events of the payment and the shipment that the fulfilment receives before OrderPlaced', () => {
  it('are recorded, and lead to no commands yet', () => {
    given().when(paymentCaptured).then(paid);
    given(paid).when(shipmentDispatched).then(dispatched);
    given(paid, dispatched).when(shipmentDelivered).then(delivered);
    expect(actionsAfter(paid, dispatched, delivered)).toEqual(noActions);
  });
  it('commit the stock, and mark the order as shipped and delivered, when OrderPlaced arrives', () => {
    given(paid, dispatched, delivered).when(begin()).then(started, allocated);
    given(paid, dispatched, delivered).when(begin([])).then(started);
    given(paid, dispatched, delivered, started).when(stockReserved()).then(allocated);
    expect(commandsAfter(paid, dispatched, delivered, started, allocated)).toEqual([
      commits,
      [markShipped],
      [markDelivered],
    ]);
    given(paid, dispatched, delivered, started, allocated)
      .when(commandsCompleted('ship+deliver'))
      .then(completed('shipped'));
  });
  it('make the order wait for its dispatch, not for its payment, if the payment was captured', () =>
    given(paid)
      .when(begin())
      .then(started, allocated, timeout(1, 'dispatch', 1, '08:27:00')));
});

describe('a cancellation that the fulfilment receives before OrderPlaced', () => {
  it('is recorded; OrderPlaced is then recorded without a result of its reservations', () => {
    given().when(shipmentCancelled).then(cancelled);
    given(cancelled).when(begin([])).then(started);
  });
  it('releases the stock that was reserved for the order', () => {
    given(cancelled).when(begin()).then(started);
    expect(commandsAfter(cancelled, started)[0]).toEqual(releases);
  });
  it('refunds a captured payment', () =>
    given(cancelled).when(paymentCaptured).then(paid, capturedAfterCancel, refundOwed('changed my mind')));
});

describe('a failed payment that the fulfilment receives before OrderPlaced', () => {
  it('rejects the order, and releases the stock that was reserved for it', () => {
    given().when(paymentFailed).then(failed);
    given(failed).when(begin()).then(started);
    expect(commandsAfter(failed, started)[0]).toEqual(releases);
  });
});
