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

describe('events that arrive before the order itself', () => {
  it('are recorded and need no action yet', () => {
    given().when(paymentCaptured).then(paid);
    given(paid).when(shipmentDispatched).then(dispatched);
    given(paid, dispatched).when(shipmentDelivered).then(delivered);
    expect(actionsAfter(paid, dispatched, delivered)).toEqual(noActions);
  });
  it('take effect when the order arrives, with its reservations or without', () => {
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
  it('make the order wait for its dispatch at once when the payment was captured', () =>
    given(paid)
      .when(begin())
      .then(started, allocated, timeout(1, 'dispatch', 1, '08:27:00')));
});

describe('a cancellation that arrives before the order', () => {
  it('is recorded, and the order is then recorded without its stock', () => {
    given().when(shipmentCancelled).then(cancelled);
    given(cancelled).when(begin([])).then(started);
  });
  it('releases what was reserved before the cancellation was known', () => {
    given(cancelled).when(begin()).then(started);
    expect(commandsAfter(cancelled, started)[0]).toEqual(releases);
  });
  it('refunds a payment that was captured', () =>
    given(cancelled).when(paymentCaptured).then(paid, capturedAfterCancel, refundOwed('changed my mind')));
});

describe('a failed payment that arrives before the order', () => {
  it('rejects the order, and releases what was reserved', () => {
    given().when(paymentFailed).then(failed);
    given(failed).when(begin()).then(started);
    expect(commandsAfter(failed, started)[0]).toEqual(releases);
  });
});
