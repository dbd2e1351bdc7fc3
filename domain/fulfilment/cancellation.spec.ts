import { describe, expect, it } from 'vitest';
import {
  callsAfter,
  cancelOrder,
  commandsAfter,
  given,
  preparationsAfter,
  recallCall,
  refundCall,
  releases,
  requestPayment,
  settleCall,
} from './testing/actions.ts';
import {
  awaitingDispatch,
  awaitingPayment,
  cancelled,
  capturedAfterCancel,
  completed,
  dispatched,
  exception,
  failed,
  paid,
  recalled,
  refundOwed,
  refundSettled,
  short,
  started,
  timeout,
} from './testing/events.ts';
import {
  commandsCompleted,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  received,
  shipmentCancelled,
  shipmentRecalled,
} from './testing/inputs.ts';
import { ofOrder, owner } from './testing/order.ts';

describe('a cancellation before the stock is known', () => {
  it('releases every line, reserved or not, and cancels the order', () => {
    given(started).when(shipmentCancelled).then(cancelled);
    expect(commandsAfter(started, cancelled)).toEqual([releases, [cancelOrder]]);
    given(started, cancelled).when(commandsCompleted('cancel')).then(completed('cancelled'));
  });
  it('is recorded once', () => given(started, cancelled).when(shipmentCancelled).thenNothing());
});

describe('a cancellation while the payment is open', () => {
  const settling = [...awaitingPayment, cancelled, timeout(2, 'settlement', 1, '08:26:01')];

  it('releases the stock and cancels the order, then settles the payment', () => {
    expect(commandsAfter(...awaitingPayment, cancelled)).toEqual([releases, [cancelOrder]]);
    given(...awaitingPayment, cancelled)
      .when(commandsCompleted('cancel'))
      .then(timeout(2, 'settlement', 1, '08:26:01'));
    expect(preparationsAfter(...settling)).toEqual([requestPayment]);
    expect(callsAfter(...settling)).toEqual([settleCall('the order was cancelled')]);
  });
  it('completes the order when the settlement finds that no money moved', () =>
    given(...settling)
      .when(paymentFailed)
      .then(failed, completed('cancelled')));
  it('refunds the payment when the settlement finds that it was captured', () =>
    given(...settling)
      .when(paymentCaptured)
      .then(paid, capturedAfterCancel, refundOwed('changed my mind'), timeout(3, 'refund', 1, '08:26:01')));
});

describe('a cancellation after the capture', () => {
  const refundable = [...awaitingDispatch, cancelled, refundOwed('changed my mind')];
  const refunding = [...refundable, timeout(3, 'refund', 1, '08:26:01')];
  const recalling = [...refunding, refundSettled, timeout(4, 'recall', 1, '08:26:01')];

  it('refunds the payment and recalls the parcel after the order is cancelled', () => {
    given(...awaitingDispatch)
      .when(shipmentCancelled)
      .then(cancelled, refundOwed('changed my mind'));
    expect(commandsAfter(...refundable)).toEqual([releases, [cancelOrder]]);
    given(...refundable)
      .when(commandsCompleted('cancel'))
      .then(timeout(3, 'refund', 1, '08:26:01'));
    expect(callsAfter(...refunding)).toEqual([refundCall('changed my mind'), recallCall]);
  });
  it('completes the order when the refund comes first and the recall second', () => {
    given(...refunding)
      .when(paymentRefunded)
      .then(refundSettled, timeout(4, 'recall', 1, '08:26:01'));
    expect(callsAfter(...recalling)).toEqual([recallCall]);
    given(...recalling)
      .when(shipmentRecalled())
      .then(recalled(), completed('cancelled'));
  });
  it('completes the order when the recall comes first and the refund second', () => {
    given(...refunding)
      .when(shipmentRecalled())
      .then(recalled());
    expect(callsAfter(...refunding, recalled())).toEqual([refundCall('changed my mind')]);
    given(...refunding, recalled())
      .when(paymentRefunded)
      .then(refundSettled, completed('cancelled'));
  });
  it('recalls the parcel once', () =>
    given(...awaitingDispatch, cancelled, recalled())
      .when(shipmentRecalled())
      .thenNothing());
  it('requests no second recall when the carrier was already asked to return the parcel', () => {
    const returned = [
      ...awaitingDispatch,
      exception('dispatched-after-cancel', 'the carrier took the parcel RM1'),
      timeout(3, 'recall', 1, '08:26:01'),
      recalled('returning'),
      timeout(4, 'dispatch', 1, '08:27:00'),
    ];
    given(...returned)
      .when(shipmentCancelled)
      .then(cancelled, refundOwed('changed my mind'));
    const owed = [...returned, cancelled, refundOwed('changed my mind')];
    expect(callsAfter(...owed, timeout(5, 'refund', 1, '08:26:01'))).toEqual([refundCall('changed my mind')]);
  });
  it('makes no call to the carrier when no dispatch was requested', () => {
    const paidOnly = [...awaitingPayment, paid, cancelled, timeout(2, 'refund', 1, '08:26:01')];
    expect(callsAfter(...paidOnly)).toEqual([]);
    const owed = [...awaitingPayment, paid, cancelled, refundOwed('changed my mind')];
    expect(callsAfter(...owed, timeout(2, 'refund', 1, '08:26:01'))).toEqual([refundCall('changed my mind')]);
  });
  it('gives a reason for the refund when the customer gave none', () =>
    given(...awaitingDispatch)
      .when(received({ type: 'ShipmentCancelled', data: { ...owner, cancelledBy: '17850' } }))
      .then(
        { type: 'FulfilmentCancelled', data: { ...ofOrder, cancelledBy: '17850' } },
        refundOwed('the order was cancelled'),
      ));
});

describe('a cancellation after the dispatch or the rejection of the order', () => {
  it('records nothing when the parcel was dispatched', () =>
    given(...awaitingDispatch, dispatched)
      .when(shipmentCancelled)
      .thenNothing());
  it('records nothing when the order was rejected', () => {
    given(started, short).when(shipmentCancelled).thenNothing();
    expect(commandsAfter(started, short, cancelled)).toEqual(commandsAfter(started, short));
  });
});
