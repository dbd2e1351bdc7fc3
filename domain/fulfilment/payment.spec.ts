import { describe, expect, it } from 'vitest';
import {
  actionsAfter,
  callsAfter,
  captureCall,
  commandsAfter,
  confirmOrder,
  given,
  preparationsAfter,
  rejectOrder,
  releases,
  requestPayment,
  requestShipment,
} from './testing/actions.ts';
import {
  allocated,
  awaitingDispatch,
  awaitingPayment,
  capturedAfterRejection,
  completed,
  declined,
  failed,
  paid,
  refundOwed,
  refundSettled,
  started,
  timeout,
} from './testing/events.ts';
import {
  commandsCompleted,
  paymentCaptured,
  paymentDeclined,
  paymentFailed,
  paymentRefunded,
  received,
} from './testing/inputs.ts';
import { owner, total } from './testing/order.ts';

describe('the payment of an order', () => {
  it('is captured once its timeout is recorded; the first call records the request itself', () => {
    expect(actionsAfter(started, allocated)).toMatchObject({ preparations: [], calls: [] });
    expect(actionsAfter(...awaitingPayment)).toMatchObject({
      commands: [],
      preparations: [],
      calls: [captureCall],
    });
  });
  it('is requested before each further attempt to capture it', () => {
    const secondAttempt = [...awaitingPayment, timeout(2, 'payment', 2, '08:26:10')];
    expect(preparationsAfter(...secondAttempt)).toEqual([requestPayment]);
    expect(callsAfter(...secondAttempt)).toEqual([captureCall]);
  });
  it('confirms the order and requests the shipment when it is captured', () => {
    given(...awaitingPayment)
      .when(paymentCaptured)
      .then(paid, timeout(2, 'dispatch', 1, '08:27:00'));
    expect(commandsAfter(...awaitingDispatch)).toEqual([]);
    expect(preparationsAfter(...awaitingDispatch)).toEqual([confirmOrder, requestShipment]);
  });
  it('releases the stock and rejects the order when it is declined or fails', () => {
    given(...awaitingPayment)
      .when(paymentDeclined)
      .then(declined);
    given(...awaitingPayment)
      .when(paymentFailed)
      .then(failed);
    expect(commandsAfter(...awaitingPayment, declined)).toEqual([
      releases,
      [rejectOrder({ reason: 'payment declined: card expired' })],
    ]);
    expect(commandsAfter(...awaitingPayment, failed)).toEqual([
      releases,
      [rejectOrder({ reason: 'payment failed: no answer' })],
    ]);
    given(...awaitingPayment, declined)
      .when(commandsCompleted('reject'))
      .then(completed('rejected'));
  });
  it('rejects the order with a reason of at most 500 characters', () => {
    const reason = 'x'.repeat(500);
    const longest = { ...declined, data: { ...declined.data, reason } } as typeof declined;
    expect(commandsAfter(...awaitingPayment, longest)).toEqual([
      releases,
      [rejectOrder({ reason: `payment declined: ${reason}`.slice(0, 500) })],
    ]);
  });
  it('is recorded once', () => {
    given(...awaitingDispatch)
      .when(paymentCaptured)
      .thenNothing();
    given(...awaitingPayment, declined)
      .when(paymentDeclined)
      .thenNothing();
    given(...awaitingPayment, declined)
      .when(paymentFailed)
      .thenNothing();
  });
  it('stays captured when the provider says later that it failed or was declined', () => {
    given(...awaitingDispatch)
      .when(paymentFailed)
      .thenNothing();
    given(...awaitingDispatch)
      .when(paymentDeclined)
      .thenNothing();
  });
  it('records nothing for its own request, or when an operator resolves an unknown outcome', () => {
    given(...awaitingPayment)
      .when(received({ type: 'PaymentRequested', data: { ...owner, amount: total, paymentToken: 'tok_ok' } }))
      .thenNothing();
    given(...awaitingPayment)
      .when(
        received({
          type: 'PaymentDoubtResolved',
          data: { ...owner, outcome: 'captured', reason: 'on the statement', resolvedBy: 'olga' },
        }),
      )
      .thenNothing();
  });
});

describe('a payment that is captured for an order that was rejected', () => {
  it('is recorded as an exception and refunded', () => {
    const rejected = [...awaitingPayment, failed, completed('rejected')];
    const owed = refundOwed('payment failed: no answer');
    const refunding = [...rejected, paid, owed, timeout(2, 'refund', 1, '08:26:01')];
    given(...rejected)
      .when(paymentCaptured)
      .then(paid, capturedAfterRejection, owed, timeout(2, 'refund', 1, '08:26:01'));
    given(...refunding)
      .when(paymentRefunded)
      .then(refundSettled, completed('rejected'));
  });
  it('is refunded after the stock is released, when the release is pending', () => {
    given(...awaitingPayment, failed)
      .when(paymentCaptured)
      .then(paid, capturedAfterRejection, refundOwed('payment failed: no answer'));
    expect(commandsAfter(...awaitingPayment, failed, paid)).toEqual([
      releases,
      [rejectOrder({ reason: 'payment failed: no answer' })],
    ]);
  });
});
