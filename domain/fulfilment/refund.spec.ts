import { describe, expect, it } from 'vitest';
import { actionsAfter, callOff, callsAfter, commandsAfter, given, refundCall } from './testing/actions.ts';
import {
  awaitingDispatch,
  awaitingPayment,
  cancelled,
  completed,
  dispatched,
  paid,
  refundOwed,
  refundSettled,
  shipped,
  started,
  timeout,
  waitParked,
} from './testing/events.ts';
import {
  commandsCompleted,
  parkWait,
  paymentRefunded,
  refundRequested,
  resumeWait,
  shipmentCancelled,
  shipmentDispatched,
} from './testing/inputs.ts';

describe('a refund that an operator requests after the dispatch', () => {
  const refunding = [...shipped, refundOwed('broken'), timeout(3, 'refund', 1, '08:26:01')];

  it('is requested from the provider and completes the order', () => {
    given(...shipped)
      .when(refundRequested())
      .then(refundOwed('broken'), timeout(3, 'refund', 1, '08:26:01'));
    expect(callsAfter(...refunding)).toEqual([refundCall('broken')]);
    given(...refunding)
      .when(paymentRefunded)
      .then(refundSettled, completed('shipped'));
  });
  it('is recorded once', () =>
    given(...refunding)
      .when(refundRequested())
      .thenNothing());
  it('is not requested from the provider when the payment was refunded before the request arrived', () => {
    given(...shipped)
      .when(paymentRefunded)
      .then(refundSettled, completed('shipped'));
    given(...shipped, refundSettled, completed('shipped'))
      .when(refundRequested())
      .thenNothing();
  });
});

describe('a refund that an operator requests before the dispatch', () => {
  const owed = [...awaitingDispatch, refundOwed('broken')];
  const refunding = [...owed, timeout(3, 'refund', 1, '08:26:01')];

  it('cancels the shipment, refunds the payment and requests no dispatch', () => {
    given(...awaitingDispatch)
      .when(refundRequested())
      .then(refundOwed('broken'));
    expect(commandsAfter(...owed)).toEqual([[callOff]]);
    given(...owed)
      .when(commandsCompleted('call-off'))
      .then(timeout(3, 'refund', 1, '08:26:01'));
    expect(actionsAfter(...refunding)).toMatchObject({ preparations: [], calls: [refundCall('broken')] });
  });
  it('then waits, without a call, for the cancellation of the shipment', () => {
    const waiting = [...refunding, refundSettled, timeout(4, 'dispatch', 1, '08:27:00')];
    given(...refunding)
      .when(paymentRefunded)
      .then(refundSettled, timeout(4, 'dispatch', 1, '08:27:00'));
    expect(actionsAfter(...waiting)).toMatchObject({ preparations: [], calls: [] });
    given(...waiting)
      .when(shipmentCancelled)
      .then(cancelled);
  });
  it('does not stop a parcel that was dispatched first', () =>
    given(...refunding)
      .when(shipmentDispatched)
      .then(dispatched));
  it('proves the capture of the payment when its request arrives first', () =>
    given(...awaitingPayment)
      .when(refundRequested())
      .then(paid, refundOwed('broken')));
});

describe('a refund that the provider rejects', () => {
  /** Cancelled after the capture, before the carrier was asked; only the refund is left to do. */
  const owed = [
    started,
    ...awaitingPayment.slice(1, 2),
    paid,
    cancelled,
    refundOwed('changed my mind'),
    timeout(1, 'refund', 1, '08:26:01'),
  ];
  const parked = waitParked('refund', 'no such payment');

  it('is parked: the provider is not asked again, and the order is not complete', () => {
    given(...owed)
      .when(parkWait('refund', 'no such payment'))
      .then(parked);
    expect(actionsAfter(...owed, parked)).toMatchObject({ commands: [], calls: [], timeout: undefined });
  });
  it('is parked once, and only while the refund is due', () => {
    given(...owed, parked)
      .when(parkWait('refund', 'no such payment'))
      .thenNothing();
    given(...owed, refundSettled, completed('cancelled'))
      .when(parkWait('refund', 'no such payment'))
      .thenNothing();
  });
  it('is retried when an operator resumes it', () => {
    given(...owed, parked)
      .when(resumeWait('refund'))
      .then(timeout(2, 'refund', 1, '09:00:01'));
    expect(callsAfter(...owed, parked, timeout(2, 'refund', 1, '09:00:01'))).toEqual([
      refundCall('changed my mind'),
    ]);
    given(...owed)
      .when(resumeWait('refund'))
      .thenNothing();
  });
  it('is retried with the new reason when the refund is requested again', () => {
    const again = [...owed, parked, refundOwed('still broken'), timeout(2, 'refund', 1, '08:26:01')];
    given(...owed, parked)
      .when(refundRequested('still broken'))
      .then(refundOwed('still broken'), timeout(2, 'refund', 1, '08:26:01'));
    expect(callsAfter(...again)).toEqual([refundCall('still broken')]);
    given(...owed)
      .when(refundRequested('still broken'))
      .thenNothing();
  });
  it('completes when the payment is refunded by other means', () =>
    given(...owed, parked)
      .when(paymentRefunded)
      .then(refundSettled, completed('cancelled')));
});
