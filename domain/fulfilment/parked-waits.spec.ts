import { describe, expect, it } from 'vitest';
import { noActions } from '../kernel/workflow.ts';
import {
  actionsAfter,
  callsAfter,
  commandsAfter,
  dispatchCall,
  given,
  recallCall,
  refundCall,
  stateAfter,
} from './testing/actions.ts';
import {
  awaitingDispatch,
  awaitingPayment,
  cancelled,
  completed,
  dispatched,
  exception,
  paid,
  recalled,
  refundOwed,
  refundSettled,
  shipped,
  timeout,
  waitParked,
} from './testing/events.ts';
import {
  commandsCompleted,
  parkWait,
  paymentCaptured,
  paymentRefunded,
  refundRequested,
  resumeWait,
  shipmentContradicted,
  shipmentDispatched,
  shipmentRecalled,
  timeoutElapsed,
} from './testing/inputs.ts';

describe('the only wait of an order, when it is parked', () => {
  const parked = [...awaitingDispatch, waitParked('dispatch')];

  it('is recorded once, and only while the order waits for it', () => {
    given(...awaitingDispatch)
      .when(parkWait('dispatch'))
      .then(waitParked('dispatch'));
    given(...awaitingDispatch)
      .when(parkWait('payment'))
      .thenNothing();
    given(...parked)
      .when(parkWait('dispatch'))
      .thenNothing();
    given().when(parkWait('dispatch')).thenNothing();
  });
  it('has no call, no command and no timeout', () =>
    expect(actionsAfter(...parked)).toEqual({ ...noActions, parkedWaits: ['dispatch'] }));
  it('stays parked when an event, a timeout or a completion is delivered again', () => {
    given(...parked)
      .when(paymentCaptured)
      .thenNothing();
    given(...parked)
      .when(timeoutElapsed('o-1-2', '08:27:00'))
      .thenNothing();
    given(...parked)
      .when(commandsCompleted(''))
      .thenNothing();
  });
  it('starts again with its first attempt when an operator resumes it', () => {
    const resumed = [...parked, timeout(3, 'dispatch', 1, '09:01:00')];
    given(...parked)
      .when(resumeWait('dispatch'))
      .then(timeout(3, 'dispatch', 1, '09:01:00'));
    expect(callsAfter(...resumed)).toEqual([dispatchCall]);
    given(...resumed)
      .when(resumeWait('dispatch'))
      .thenNothing();
  });
  it('is not resumed when it is not parked, or when another wait is', () => {
    given(...awaitingDispatch)
      .when(resumeWait('dispatch'))
      .thenNothing();
    given(...parked)
      .when(resumeWait('refund'))
      .thenNothing();
  });
  it('is not resumed once the order has moved on', () =>
    given(...parked, dispatched, completed('shipped'))
      .when(resumeWait('dispatch'))
      .thenNothing());
  it('does not delay events that arrive meanwhile', () => {
    given(...awaitingPayment, waitParked('payment'))
      .when(paymentCaptured)
      .then(paid, timeout(2, 'dispatch', 1, '08:27:00'));
    given(...parked)
      .when(shipmentDispatched)
      .then(dispatched);
    expect(commandsAfter(...parked, dispatched)).not.toEqual([]);
  });
});

describe('a parked wait of an order that has commands to send', () => {
  const refunding = [...awaitingDispatch, refundOwed('broken'), timeout(3, 'refund', 1, '08:31:00')];
  const shipping = [...refunding, waitParked('refund'), dispatched];

  it('is not parked while commands are pending, since these would be lost', () => {
    const cancelling = [...awaitingDispatch, cancelled, refundOwed('changed my mind')];
    given(...cancelling)
      .when(parkWait('refund'))
      .thenNothing();
    expect(commandsAfter(...cancelling)).not.toEqual([]);
  });
  it('is not resumed while commands are pending', () =>
    given(...shipping)
      .when(resumeWait('refund'))
      .thenNothing());
  it('is parked again when the commands have results, and these commands are not sent again', () => {
    given(...shipping)
      .when(commandsCompleted('ship'))
      .then(waitParked('refund'));
    expect(actionsAfter(...shipping, waitParked('refund'))).toMatchObject({ commands: [], commandsId: '' });
    given(...shipping, waitParked('refund'))
      .when(commandsCompleted('ship'))
      .thenNothing();
  });
  it('is resumed after the commands have results', () =>
    given(...shipping, waitParked('refund'))
      .when(resumeWait('refund'))
      .then(timeout(4, 'refund', 1, '09:00:01')));
});

describe('an order with two waits, of which one is parked,', () => {
  /** Cancelled after the capture: the refund and the recall are both due. */
  const both = [
    ...awaitingDispatch,
    cancelled,
    refundOwed('changed my mind'),
    timeout(3, 'refund', 1, '08:26:01'),
  ];
  const refundParked = [...both, waitParked('refund'), timeout(4, 'recall', 1, '08:30:01')];
  const recallParked = [...both, waitParked('recall'), timeout(4, 'refund', 1, '08:30:01')];
  const bothParked = [...refundParked, waitParked('recall')];

  it('continues with the other wait', () => {
    given(...both)
      .when(parkWait('refund'))
      .then(waitParked('refund'), timeout(4, 'recall', 1, '08:30:01'));
    expect(callsAfter(...refundParked)).toEqual([recallCall]);
    given(...both)
      .when(parkWait('recall'))
      .then(waitParked('recall'), timeout(4, 'refund', 1, '08:30:01'));
    expect(callsAfter(...recallParked)).toEqual([refundCall('changed my mind')]);
  });
  it('parks the same wait once', () =>
    given(...refundParked)
      .when(parkWait('refund'))
      .thenNothing());
  it('makes no call once both are parked', () => {
    given(...refundParked)
      .when(parkWait('recall'))
      .then(waitParked('recall'));
    expect(actionsAfter(...bothParked)).toMatchObject({ calls: [], timeout: undefined });
  });
  it('stays open when the other wait ends', () => {
    given(...refundParked)
      .when(shipmentRecalled())
      .then(recalled(), waitParked('refund'));
    given(...recallParked)
      .when(paymentRefunded)
      .then(refundSettled, waitParked('recall'));
    given(...bothParked)
      .when(shipmentRecalled())
      .then(recalled(), waitParked('refund'));
  });
  it('completes when the parked wait ends as well', () => {
    given(...refundParked, recalled(), waitParked('refund'))
      .when(paymentRefunded)
      .then(refundSettled, completed('cancelled'));
  });
  it('makes both calls again when the parked wait is resumed', () => {
    const resumed = [...refundParked, timeout(5, 'refund', 1, '09:00:01')];
    given(...refundParked)
      .when(resumeWait('refund'))
      .then(timeout(5, 'refund', 1, '09:00:01'));
    expect(callsAfter(...resumed)).toEqual([refundCall('changed my mind'), recallCall]);
  });
});

describe('a wait that was parked and has ended', () => {
  it('remains known, so that the engine can remove it from the list of parked waits', () =>
    expect(stateAfter(...awaitingPayment, waitParked('payment'), paid).everParked).toEqual(['payment']));
  it('is not parked when a new wait of the same kind begins', () => {
    const recallEnded = [
      ...awaitingDispatch,
      cancelled,
      refundSettled,
      timeout(3, 'recall', 1, '08:26:01'),
      waitParked('recall'),
      recalled(),
      completed('cancelled'),
    ];
    given(...recallEnded)
      .when(shipmentContradicted())
      .then(
        exception(
          'dispatched-after-cancel',
          'Royal Mail took the parcel RM1 after the shipment was cancelled',
        ),
        timeout(4, 'recall', 1, '08:30:01'),
      );
  });
  it('is not parked when an operator requests the refund again', () =>
    given(
      ...shipped,
      refundOwed('broken'),
      timeout(3, 'refund', 1, '08:31:00'),
      waitParked('refund', 'no such payment'),
    )
      .when(refundRequested('still broken'))
      .then(refundOwed('still broken'), timeout(4, 'refund', 1, '08:26:01')));
});
