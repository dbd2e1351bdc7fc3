import { describe, expect, it } from 'vitest';
import { customerId, orderId, productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import type { ExceptionKind } from '../kernel/values.ts';
import { specOf } from '../testing/given-when-then.ts';
import { fulfilment } from './decider.ts';
import { type FulfilmentEvent, fulfilmentEvents } from './events.ts';
import type { FulfilmentInput } from './inputs.ts';
import { pending } from './pending.ts';

const { given } = specOf(
  fulfilment({
    firstDeadlineMs: 1_000,
    maxDeadlineMs: 8_000,
    paymentGiveUpMs: 10_000,
    firstDispatchMs: 60_000,
    maxDispatchMs: 3_600_000,
    jitter: 0,
  }),
  fulfilmentEvents,
);

const ofOrder = { orderId: orderId('o-1') };
const at = (time: string) => ({ ...ofOrder, now: `2010-12-01T${time}.000Z` });
const lantern = productId('71053');
const heart = productId('85123A');

const order = {
  ...ofOrder,
  customerId: customerId('17850'),
  lines: [
    { productId: lantern, quantity: 6 },
    { productId: heart, quantity: 2 },
  ],
  total: money(2544, 'GBP'),
  paymentToken: 'tok_ok',
  orderPosition: '10423',
};

// What is told to the process manager …
const orderPlaced: FulfilmentInput = { type: 'NoteOrderPlaced', ...order, ...at('08:26:00') };
const answered = (stepsId: string): FulfilmentInput => ({
  type: 'NoteStepsAnswered',
  ...at('08:26:00'),
  stepsId,
  stock: [],
});
const allHeld: FulfilmentInput = {
  type: 'NoteStepsAnswered',
  ...at('08:26:00'),
  stepsId: 'reserve',
  stock: [
    { productId: lantern, held: true },
    { productId: heart, held: true },
  ],
};
const heartShort: FulfilmentInput = {
  type: 'NoteStepsAnswered',
  ...at('08:26:00'),
  stepsId: 'reserve',
  stock: [
    { productId: lantern, held: true },
    { productId: heart, held: false, requested: 2, available: 1 },
  ],
};
const paymentCaptured: FulfilmentInput = { type: 'NotePaymentCaptured', ...at('08:26:00') };
const paymentDeclined: FulfilmentInput = {
  type: 'NotePaymentDeclined',
  ...at('08:26:00'),
  reason: 'card expired',
};
const paymentFailed: FulfilmentInput = { type: 'NotePaymentFailed', ...at('08:26:00'), reason: 'no answer' };
const refundRequested: FulfilmentInput = { type: 'NoteRefundRequested', ...at('08:26:00'), reason: 'broken' };
const paymentRefunded: FulfilmentInput = { type: 'NotePaymentRefunded', ...at('08:26:00') };
const shipmentDispatched: FulfilmentInput = {
  type: 'NoteShipmentDispatched',
  ...at('08:26:00'),
  carrier: 'Royal Mail',
  trackingNumber: 'RM1',
};
const shipmentDelivered: FulfilmentInput = { type: 'NoteShipmentDelivered', ...at('08:26:00') };
const shipmentCancelled: FulfilmentInput = {
  type: 'NoteShipmentCancelled',
  ...at('08:26:00'),
  reason: 'changed my mind',
  cancelledBy: '17850',
};
const fire = (deadlineId: string, time: string): FulfilmentInput => ({
  type: 'FireDeadline',
  ...at(time),
  deadlineId,
});

// … and what it makes of it.
const started: FulfilmentEvent = { type: 'FulfilmentStarted', data: order };
const allocated: FulfilmentEvent = { type: 'StockAllocated', data: ofOrder };
const short: FulfilmentEvent = {
  type: 'StockShort',
  data: { ...ofOrder, short: [{ productId: '85123A', requested: 2, available: 1 }] },
};
const paid: FulfilmentEvent = { type: 'FulfilmentPaid', data: ofOrder };
const declined: FulfilmentEvent = {
  type: 'FulfilmentUnpaid',
  data: { ...ofOrder, outcome: 'declined', reason: 'card expired' },
};
const failed: FulfilmentEvent = {
  type: 'FulfilmentUnpaid',
  data: { ...ofOrder, outcome: 'failed', reason: 'no answer' },
};
const dispatched: FulfilmentEvent = {
  type: 'FulfilmentDispatched',
  data: { ...ofOrder, carrier: 'Royal Mail', trackingNumber: 'RM1' },
};
const delivered: FulfilmentEvent = { type: 'FulfilmentDelivered', data: ofOrder };
const cancelled: FulfilmentEvent = {
  type: 'FulfilmentCancelled',
  data: { ...ofOrder, reason: 'changed my mind', cancelledBy: '17850' },
};
const refundOwed = (reason: string): FulfilmentEvent => ({
  type: 'RefundOwed',
  data: { ...ofOrder, reason },
});
const exception = (kind: ExceptionKind, detail: string, number = 1): FulfilmentEvent => ({
  type: 'FulfilmentExceptionRecorded',
  data: { ...ofOrder, number, kind, detail, at: '2010-12-01T08:26:00.000Z' },
});
const capturedAfterCancel = exception(
  'captured-after-cancel',
  'the provider captured the payment after the order was cancelled; it is refunded',
);
const capturedAfterRejection = exception(
  'captured-after-rejection',
  'the provider captured the payment after the order was rejected; it is refunded',
);
const recalled: FulfilmentEvent = {
  type: 'FulfilmentRecalled',
  data: { ...ofOrder, outcome: 'nothing-taken' },
};
const shipmentRecalled: FulfilmentInput = {
  type: 'NoteShipmentRecalled',
  ...at('08:26:00'),
  outcome: 'nothing-taken',
};
const refundSettled: FulfilmentEvent = { type: 'RefundSettled', data: ofOrder };
const waitSetAside = (waitingFor: WaitingFor): FulfilmentEvent => ({
  type: 'WaitSetAside',
  data: { ...ofOrder, waitingFor, reason: 'a defect' },
});
const setAside = (waitingFor: WaitingFor): FulfilmentInput => ({
  type: 'NoteWaitSetAside',
  ...at('08:30:00'),
  waitingFor,
  reason: 'a defect',
});
type WaitingFor = 'payment' | 'settlement' | 'dispatch' | 'refund' | 'recall';
const deadline = (number: number, waitingFor: WaitingFor, attempt: number, due: string): FulfilmentEvent => ({
  type: 'DeadlineSet',
  data: {
    ...ofOrder,
    deadlineId: `o-1-${number}`,
    waitingFor,
    attempt,
    dueAt: `2010-12-01T${due}.000Z`,
  },
});
const completed = (outcome: 'shipped' | 'rejected' | 'cancelled'): FulfilmentEvent => ({
  type: 'FulfilmentCompleted',
  data: { ...ofOrder, outcome },
});

const awaitingPayment = [started, allocated, deadline(1, 'payment', 1, '08:26:01')];
const awaitingDispatch = [...awaitingPayment, paid, deadline(2, 'dispatch', 1, '08:27:00')];

const stepsAfter = (...history: FulfilmentEvent[]) => pending(given(...history).state()).stages;
const beforeCallsAfter = (...history: FulfilmentEvent[]) => pending(given(...history).state()).beforeCalls;
const callsAfter = (...history: FulfilmentEvent[]) => pending(given(...history).state()).calls;

const commits = [
  { do: 'commit-stock', productId: '71053' },
  { do: 'commit-stock', productId: '85123A' },
];
const releases = [
  { do: 'release-stock', productId: '71053' },
  { do: 'release-stock', productId: '85123A' },
];
const refundCall = (reason: string) => ({ call: 'refund-payment', amount: money(2544, 'GBP'), reason });
const requestPayment = { do: 'request-payment', amount: money(2544, 'GBP'), paymentToken: 'tok_ok' };
const captureCall = { call: 'capture-payment', amount: money(2544, 'GBP'), paymentToken: 'tok_ok' };

describe('an order is placed', () => {
  it('starts, once', () => {
    given().when(orderPlaced).then(started);
    given(started).when(orderPlaced).thenNothing();
  });
  it('reserves every line', () =>
    expect(stepsAfter(started)).toEqual([
      [
        { do: 'reserve-stock', productId: '71053', quantity: 6 },
        { do: 'reserve-stock', productId: '85123A', quantity: 2 },
      ],
    ]));
  it('is known by its owner and its time to every step', () =>
    expect(pending(given(started).state()).order).toEqual({
      orderId: 'o-1',
      customerId: '17850',
      orderPosition: '10423',
    }));
});

describe('stock', () => {
  it('is allocated when every line is held, and the payment waited for', () =>
    given(started)
      .when(allHeld)
      .then(allocated, deadline(1, 'payment', 1, '08:26:01')));
  it('is short when one line is not', () => given(started).when(heartShort).then(short));
  it('is not known before every line was answered', () =>
    given(started)
      .when({ ...allHeld, stock: [{ productId: lantern, held: true }] })
      .thenNothing());
  it('that is short is released, held or not, and the order rejected', () =>
    expect(stepsAfter(started, short)).toEqual([
      releases,
      [
        {
          do: 'reject-order',
          reason: 'out of stock',
          short: [{ productId: '85123A', requested: 2, available: 1 }],
        },
      ],
    ]));
  it('that was released ends the story', () => {
    given(started, short).when(answered('reject')).then(completed('rejected'));
    expect(stepsAfter(started, short, completed('rejected'))).toEqual([]);
  });
});

describe('an answer', () => {
  it('to steps that are no longer the pending ones changes nothing', () => {
    given(started, cancelled).when(allHeld).thenNothing();
    given(...awaitingPayment, cancelled)
      .when(answered('reserve'))
      .thenNothing();
    given(...awaitingPayment)
      .when(allHeld)
      .thenNothing();
  });
  it('to nothing changes nothing', () => {
    given(...awaitingPayment)
      .when(answered(''))
      .thenNothing();
    given().when(answered('')).thenNothing();
  });
});

describe('the payment', () => {
  it('is captured when the stock is there, and only under a deadline; its request is left to that call', () => {
    expect(beforeCallsAfter(started, allocated)).toEqual([]);
    expect(callsAfter(started, allocated)).toEqual([]);
    expect(stepsAfter(...awaitingPayment)).toEqual([]);
    expect(beforeCallsAfter(...awaitingPayment)).toEqual([]);
    expect(callsAfter(...awaitingPayment)).toEqual([captureCall]);
  });
  it('is requested before it is captured once more', () => {
    const again = [...awaitingPayment, deadline(2, 'payment', 2, '08:26:10')];
    expect(beforeCallsAfter(...again)).toEqual([requestPayment]);
    expect(callsAfter(...again)).toEqual([captureCall]);
  });
  it('that is captured confirms the order and requests the shipment', () => {
    given(...awaitingPayment)
      .when(paymentCaptured)
      .then(paid, deadline(2, 'dispatch', 1, '08:27:00'));
    expect(stepsAfter(...awaitingDispatch)).toEqual([]);
    expect(beforeCallsAfter(...awaitingDispatch)).toEqual([
      { do: 'confirm-order' },
      { do: 'request-shipment' },
    ]);
  });
  it('that is declined or fails releases the stock and rejects the order', () => {
    given(...awaitingPayment)
      .when(paymentDeclined)
      .then(declined);
    given(...awaitingPayment)
      .when(paymentFailed)
      .then(failed);
    expect(stepsAfter(...awaitingPayment, declined)).toEqual([
      releases,
      [{ do: 'reject-order', reason: 'payment declined: card expired' }],
    ]);
    given(...awaitingPayment, declined)
      .when(answered('reject'))
      .then(completed('rejected'));
  });
  it('is learned of once', () => {
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
  it('that was captured stands', () => {
    given(...awaitingDispatch)
      .when(paymentFailed)
      .thenNothing();
    given(...awaitingDispatch)
      .when(paymentDeclined)
      .thenNothing();
  });
});

describe('a wait that is set aside', () => {
  const aside = [...awaitingDispatch, waitSetAside('dispatch')];
  const again: FulfilmentInput = { type: 'ResumeWait', ...at('09:00:00'), stepsId: '' };
  it('is so only while it is the current one', () => {
    given(...awaitingDispatch)
      .when(setAside('dispatch'))
      .then(waitSetAside('dispatch'));
    given(...awaitingDispatch)
      .when(setAside('payment'))
      .thenNothing();
    given(...aside)
      .when(setAside('dispatch'))
      .thenNothing();
  });
  it('has no call and no deadline, whatever comes again', () => {
    expect(callsAfter(...aside)).toEqual([]);
    expect(beforeCallsAfter(...aside)).toEqual([]);
    given(...aside)
      .when(paymentCaptured)
      .thenNothing();
    given(...aside)
      .when(fire('o-1-2', '08:27:00'))
      .thenNothing();
    given(...aside)
      .when(answered(''))
      .thenNothing();
  });
  it('goes on from its first attempt when an operator says so', () => {
    given(...aside)
      .when(again)
      .then(deadline(3, 'dispatch', 1, '09:01:00'));
    given(...aside, deadline(3, 'dispatch', 1, '09:01:00'))
      .when(again)
      .thenNothing();
    given(...awaitingDispatch)
      .when(again)
      .thenNothing();
  });
  it('does not go on before the steps that came up meanwhile are answered', () => {
    const refunding = [...awaitingDispatch, refundOwed('broken'), deadline(3, 'refund', 1, '08:31:00')];
    const shipped = [...refunding, waitSetAside('refund'), dispatched];
    given(...shipped)
      .when(again)
      .thenNothing();
    given(...shipped)
      .when({ ...again, stepsId: 'ship' })
      .then(deadline(4, 'refund', 1, '09:00:01'));
  });
  it('for a refund is taken up with the refund itself', () => {
    const sent = [...awaitingDispatch, dispatched, completed('shipped')];
    const owed = [...sent, refundOwed('broken'), deadline(3, 'refund', 1, '08:31:00')];
    const refused: FulfilmentEvent = {
      type: 'RefundSetAside',
      data: { ...ofOrder, reason: 'broken', refusal: 'no' },
    };
    given(...owed, waitSetAside('refund'), refused)
      .when({ type: 'ResumeRefund', ...at('09:00:00') })
      .then(refundOwed('broken'), deadline(4, 'refund', 1, '09:00:01'));
  });
  it('holds up nothing else: what happens meanwhile is waited for as ever', () => {
    given(...awaitingPayment, waitSetAside('payment'))
      .when(paymentCaptured)
      .then(paid, deadline(2, 'dispatch', 1, '08:27:00'));
    expect(stepsAfter(...aside, dispatched)).not.toEqual([]);
  });
});

describe('a deadline', () => {
  it('that fires makes the call again and waits twice as long', () => {
    given(...awaitingPayment)
      .when(fire('o-1-1', '08:26:01'))
      .then(deadline(2, 'payment', 2, '08:26:03'));
    expect(callsAfter(...awaitingPayment, deadline(2, 'payment', 2, '08:26:03'))).toEqual([captureCall]);
  });
  it('that is not the current one is ignored', () => {
    given(...awaitingPayment, deadline(2, 'payment', 2, '08:26:03'))
      .when(fire('o-1-1', '08:26:03'))
      .thenNothing();
    given(...awaitingDispatch)
      .when(fire('o-1-1', '08:26:03'))
      .thenNothing();
    given().when(fire('o-1-1', '08:26:03')).thenNothing();
  });
  it('never lies beyond the time at which the payment is given up', () =>
    given(...awaitingPayment, deadline(2, 'payment', 3, '08:26:07'))
      .when(fire('o-1-2', '08:26:07'))
      .then(deadline(3, 'payment', 4, '08:26:10')));
  it('at that time asks the provider whether it charged', () => {
    const last = [...awaitingPayment, deadline(2, 'payment', 4, '08:26:10')];
    const settlement = deadline(3, 'settlement', 1, '08:26:11');
    given(...last)
      .when(fire('o-1-2', '08:26:10'))
      .then(settlement);
    expect(callsAfter(...last, settlement)).toEqual([
      { call: 'settle-payment', reason: 'the payment provider gave no answer in time' },
    ]);
    given(...last, settlement)
      .when(fire('o-1-3', '08:26:11'))
      .then(deadline(4, 'settlement', 2, '08:26:13'));
    given(...last, settlement)
      .when(paymentFailed)
      .then(failed);
    given(...last, settlement)
      .when(paymentCaptured)
      .then(paid, deadline(4, 'dispatch', 1, '08:27:00'));
  });
  it('that is fired by a clock that jumped asks again, and gives no payment up', () => {
    given(...awaitingPayment)
      .when({ ...fire('o-1-1', '08:26:01'), now: '2010-12-02T08:26:01.000Z' })
      .then({
        type: 'DeadlineSet',
        data: {
          ...ofOrder,
          deadlineId: 'o-1-2',
          waitingFor: 'payment',
          attempt: 2,
          dueAt: '2010-12-02T08:26:03.000Z',
        },
      });
    given(...awaitingPayment)
      .when(fire('o-1-1', '01:00:00'))
      .then(deadline(2, 'payment', 2, '01:00:02'));
  });
  it('is never further away than the policy says', () =>
    given(...awaitingPayment, deadline(2, 'settlement', 40, '09:00:00'))
      .when(fire('o-1-2', '09:00:00'))
      .then(deadline(3, 'settlement', 41, '09:00:08')));
  it('of a dispatch reminds the carrier', () =>
    given(...awaitingDispatch)
      .when(fire('o-1-2', '08:27:00'))
      .then(deadline(3, 'dispatch', 2, '08:29:00')));
});

describe('the shipment', () => {
  it('is waited for', () => {
    expect(callsAfter(...awaitingDispatch)).toEqual([{ call: 'dispatch-shipment' }]);
  });
  it('that is dispatched takes the stock out and marks the order', () => {
    given(...awaitingDispatch)
      .when(shipmentDispatched)
      .then(dispatched);
    expect(stepsAfter(...awaitingDispatch, dispatched)).toEqual([
      commits,
      [{ do: 'mark-order-shipped', carrier: 'Royal Mail', trackingNumber: 'RM1' }],
    ]);
    given(...awaitingDispatch, dispatched)
      .when(answered('ship'))
      .then(completed('shipped'));
  });
  it('that is delivered marks the order, after the end', () => {
    const shipped = [...awaitingDispatch, dispatched, completed('shipped')];
    given(...shipped)
      .when(shipmentDelivered)
      .then(delivered);
    expect(stepsAfter(...shipped, delivered)).toEqual([[{ do: 'mark-order-delivered' }]]);
    given(...shipped, delivered)
      .when(answered('deliver'))
      .then(completed('shipped'));
    given(...shipped, delivered, completed('shipped'))
      .when(shipmentDelivered)
      .thenNothing();
  });
  it('that is delivered before its dispatch was heard of is remembered', () => {
    given(...awaitingDispatch)
      .when(shipmentDelivered)
      .then(delivered, deadline(3, 'dispatch', 1, '08:27:00'));
    expect(stepsAfter(...awaitingDispatch, delivered, dispatched)).toEqual([
      commits,
      [{ do: 'mark-order-shipped', carrier: 'Royal Mail', trackingNumber: 'RM1' }],
      [{ do: 'mark-order-delivered' }],
    ]);
  });
  it('that is dispatched says that the money is there, heard of or not', () =>
    given(...awaitingPayment)
      .when(shipmentDispatched)
      .then(paid, dispatched));
});

describe('a cancellation', () => {
  it('before the stock is known releases every line, held or not', () => {
    given(started).when(shipmentCancelled).then(cancelled);
    expect(stepsAfter(started, cancelled)).toEqual([
      releases,
      [{ do: 'cancel-order', reason: 'changed my mind', cancelledBy: '17850' }],
    ]);
    given(started, cancelled).when(answered('cancel')).then(completed('cancelled'));
  });
  it('is heard once', () => given(started, cancelled).when(shipmentCancelled).thenNothing());
  it('while the payment is open settles the payment', () => {
    expect(stepsAfter(...awaitingPayment, cancelled)).toEqual([
      releases,
      [{ do: 'cancel-order', reason: 'changed my mind', cancelledBy: '17850' }],
    ]);
    const settling = [...awaitingPayment, cancelled, deadline(2, 'settlement', 1, '08:26:01')];
    given(...awaitingPayment, cancelled)
      .when(answered('cancel'))
      .then(deadline(2, 'settlement', 1, '08:26:01'));
    expect(beforeCallsAfter(...settling)).toEqual([requestPayment]);
    expect(callsAfter(...settling)).toEqual([{ call: 'settle-payment', reason: 'the order was cancelled' }]);
    given(...settling)
      .when(paymentFailed)
      .then(failed, completed('cancelled'));
    given(...settling)
      .when(paymentCaptured)
      .then(paid, capturedAfterCancel, refundOwed('changed my mind'), deadline(3, 'refund', 1, '08:26:01'));
  });
  it('after the capture requests the refund and the recall of the parcel', () => {
    given(...awaitingDispatch)
      .when(shipmentCancelled)
      .then(cancelled, refundOwed('changed my mind'));
    const history = [...awaitingDispatch, cancelled, refundOwed('changed my mind')];
    given(...history)
      .when(answered('cancel'))
      .then(deadline(3, 'refund', 1, '08:26:01'));
    const refunding = [...history, deadline(3, 'refund', 1, '08:26:01')];
    expect(callsAfter(...refunding)).toEqual([refundCall('changed my mind'), { call: 'recall-shipment' }]);
    const recalling = deadline(4, 'recall', 1, '08:26:01');
    given(...refunding)
      .when(paymentRefunded)
      .then(refundSettled, recalling);
    expect(callsAfter(...refunding, refundSettled, recalling)).toEqual([{ call: 'recall-shipment' }]);
    given(...refunding, refundSettled, recalling)
      .when(shipmentRecalled)
      .then(recalled, completed('cancelled'));
    given(...refunding)
      .when(shipmentRecalled)
      .then(recalled);
    expect(callsAfter(...refunding, recalled)).toEqual([refundCall('changed my mind')]);
    given(...refunding, recalled)
      .when(paymentRefunded)
      .then(refundSettled, completed('cancelled'));
  });
  it('before the dispatch was requested makes no call to the carrier', () =>
    expect(callsAfter(...awaitingPayment, paid, cancelled, deadline(2, 'refund', 1, '08:26:01'))).toEqual(
      [],
    ));
  it('requests one recall', () =>
    given(...awaitingDispatch, cancelled, recalled)
      .when(shipmentRecalled)
      .thenNothing());
  it('without a reason has one for the refund', () =>
    given(...awaitingDispatch)
      .when({ type: 'NoteShipmentCancelled', ...at('08:26:00'), cancelledBy: '17850' })
      .then(
        { type: 'FulfilmentCancelled', data: { ...ofOrder, cancelledBy: '17850' } },
        refundOwed('the order was cancelled'),
      ));
  it('of what has left, or was rejected already, changes nothing', () => {
    given(...awaitingDispatch, dispatched)
      .when(shipmentCancelled)
      .thenNothing();
    given(started, short).when(shipmentCancelled).thenNothing();
    expect(stepsAfter(started, short, cancelled)).toEqual(stepsAfter(started, short));
  });
});

describe('money for nothing', () => {
  it('that comes after the rejection goes back', () => {
    const rejected = [...awaitingPayment, failed, completed('rejected')];
    const owed = refundOwed('payment failed: no answer');
    given(...rejected)
      .when(paymentCaptured)
      .then(paid, capturedAfterRejection, owed, deadline(2, 'refund', 1, '08:26:01'));
    given(...rejected, paid, owed, deadline(2, 'refund', 1, '08:26:01'))
      .when(paymentRefunded)
      .then(refundSettled, completed('rejected'));
  });
  it('that comes while the stock is being released goes back after that', () => {
    given(...awaitingPayment, failed)
      .when(paymentCaptured)
      .then(paid, capturedAfterRejection, refundOwed('payment failed: no answer'));
    expect(stepsAfter(...awaitingPayment, failed, paid)).toHaveLength(2);
  });
});

describe('an exception', () => {
  const detail = 'Royal Mail took the parcel RM1 after the shipment was cancelled';
  const contradiction: FulfilmentInput = {
    type: 'NoteContradiction',
    ...at('08:30:00'),
    kind: 'dispatched-after-cancel',
    detail,
    at: '2010-12-01T08:26:00.000Z',
  };
  const ended = [...awaitingDispatch, cancelled, refundSettled, recalled, completed('cancelled')];
  const taken = exception('dispatched-after-cancel', detail);

  it('is recorded once, with its time, and its parcel is recalled', () => {
    const recalling = deadline(3, 'recall', 1, '08:30:01');
    given(...ended)
      .when(contradiction)
      .then(taken, recalling);
    given(...ended, taken, recalling)
      .when(contradiction)
      .thenNothing();
    const state = given(...ended, taken, recalling).state();
    expect(pending(state)).toMatchObject({
      calls: [{ call: 'recall-shipment' }],
      exceptions: [{ number: 1, kind: 'dispatched-after-cancel', detail }],
    });
    given(...ended, taken, recalling)
      .when(shipmentRecalled)
      .then(recalled, completed('cancelled'));
  });
  it('does not recall a parcel that the carrier is already returning', () => {
    const returning: FulfilmentEvent = {
      type: 'FulfilmentRecalled',
      data: { ...ofOrder, outcome: 'returning' },
    };
    given(...awaitingDispatch, cancelled, refundSettled, returning, completed('cancelled'))
      .when(contradiction)
      .then(taken, completed('cancelled'));
  });
  it('whose parcel was recalled before the cancellation arrived asks for no second recall', () => {
    const returning: FulfilmentEvent = {
      type: 'FulfilmentRecalled',
      data: { ...ofOrder, outcome: 'returning' },
    };
    const history = [...awaitingDispatch, refundOwed('broken'), taken, returning, refundSettled];
    given(...history, deadline(3, 'dispatch', 1, '08:27:00'))
      .when(shipmentCancelled)
      .then(cancelled);
    given(...history, deadline(3, 'dispatch', 1, '08:27:00'), cancelled)
      .when(answered('cancel'))
      .then(completed('cancelled'));
  });
  it('has the next number of its order', () => {
    const said = 'the provider captured the payment, then said: declined';
    given(...ended, taken, deadline(3, 'recall', 1, '08:30:01'))
      .when({ ...contradiction, kind: 'declined-after-capture', detail: said })
      .then(exception('declined-after-capture', said, 2), deadline(4, 'recall', 1, '08:30:01'));
  });
  it('about a payment is recorded and changes nothing else', () => {
    const said = 'captured again, with reference ch_2';
    given(...awaitingDispatch)
      .when({ ...contradiction, kind: 'captured-twice', detail: said })
      .then(exception('captured-twice', said), deadline(3, 'dispatch', 1, '08:31:00'));
  });
});

describe('a refund that an operator asks for', () => {
  const shipped = [...awaitingDispatch, dispatched, completed('shipped')];
  it('is paid out', () => {
    given(...shipped)
      .when(refundRequested)
      .then(refundOwed('broken'), deadline(3, 'refund', 1, '08:26:01'));
    expect(callsAfter(...shipped, refundOwed('broken'), deadline(3, 'refund', 1, '08:26:01'))).toEqual([
      refundCall('broken'),
    ]);
    given(...shipped, refundOwed('broken'), deadline(3, 'refund', 1, '08:26:01'))
      .when(refundRequested)
      .thenNothing();
  });
  it('before the dispatch calls the shipment off, and asks no carrier to fetch it', () => {
    const owed = [...awaitingDispatch, refundOwed('broken')];
    given(...awaitingDispatch)
      .when(refundRequested)
      .then(refundOwed('broken'));
    expect(stepsAfter(...owed)).toEqual([[{ do: 'cancel-shipment', reason: 'the payment was refunded' }]]);
    const refunding = [...owed, deadline(3, 'refund', 1, '08:26:01')];
    given(...owed)
      .when(answered('call-off'))
      .then(deadline(3, 'refund', 1, '08:26:01'));
    expect(callsAfter(...refunding)).toEqual([refundCall('broken')]);
    const waiting = [...refunding, refundSettled, deadline(4, 'dispatch', 1, '08:27:00')];
    given(...refunding)
      .when(paymentRefunded)
      .then(refundSettled, deadline(4, 'dispatch', 1, '08:27:00'));
    expect(callsAfter(...waiting)).toEqual([]);
    given(...waiting)
      .when(shipmentCancelled)
      .then(cancelled);
  });
  it('leaves a parcel that was dispatched before on its way', () =>
    given(...awaitingDispatch, refundOwed('broken'), deadline(3, 'refund', 1, '08:26:01'))
      .when(shipmentDispatched)
      .then(dispatched));
  it('says that the money was captured, heard of or not', () =>
    given(...awaitingPayment)
      .when(refundRequested)
      .then(paid, refundOwed('broken')));
  it('is not owed when it was paid out before it was heard of', () => {
    given(...shipped)
      .when(paymentRefunded)
      .then(refundSettled, completed('shipped'));
    given(...shipped, refundSettled, completed('shipped'))
      .when(refundRequested)
      .thenNothing();
  });
});

describe('a story that an older version left without the deadline of what it waits for', () => {
  const heldOnly = [started, allocated];
  const paidOnly = [...awaitingPayment, paid];
  const refundHeard = [...paidOnly, refundOwed('broken')];

  it('waits for the payment once anything of it is heard again', () => {
    for (const again of [orderPlaced, allHeld, fire('o-1-1', '08:26:00')])
      given(...heldOnly)
        .when(again)
        .then(deadline(1, 'payment', 1, '08:26:01'));
  });
  it('waits for the dispatch', () => {
    for (const again of [orderPlaced, paymentCaptured])
      given(...paidOnly)
        .when(again)
        .then(deadline(2, 'dispatch', 1, '08:27:00'));
  });
  it('is cancelled or paid as any other', () => {
    given(...heldOnly)
      .when(shipmentCancelled)
      .then(cancelled);
    given(...heldOnly)
      .when(paymentCaptured)
      .then(paid, deadline(1, 'dispatch', 1, '08:27:00'));
  });
  it('has what is to be sent sent first', () => {
    expect(stepsAfter(...refundHeard)).toHaveLength(1);
    given(...refundHeard)
      .when(refundRequested)
      .thenNothing();
  });
});

describe('what is heard before the order itself', () => {
  it('is remembered and asks for nothing yet', () => {
    given().when(paymentCaptured).then(paid);
    given(paid).when(shipmentDispatched).then(dispatched);
    given(paid, dispatched).when(shipmentDelivered).then(delivered);
    expect(pending(given(paid, dispatched, delivered).state())).toEqual({
      stepsId: '',
      stages: [],
      beforeCalls: [],
      calls: [],
      deadline: undefined,
      exceptions: [],
      isSetAside: false,
      order: undefined,
    });
  });
  it('counts when the order comes', () => {
    given(paid, dispatched, delivered).when(orderPlaced).then(started);
    given(paid, dispatched, delivered, started).when(allHeld).then(allocated);
    expect(stepsAfter(paid, dispatched, delivered, started, allocated)).toEqual([
      commits,
      [{ do: 'mark-order-shipped', carrier: 'Royal Mail', trackingNumber: 'RM1' }],
      [{ do: 'mark-order-delivered' }],
    ]);
    given(paid, dispatched, delivered, started, allocated)
      .when(answered('ship+deliver'))
      .then(completed('shipped'));
  });
  it('may be a cancellation: then nothing is ever reserved', () => {
    given().when(shipmentCancelled).then(cancelled);
    given(cancelled).when(orderPlaced).then(started);
    expect(stepsAfter(cancelled, started)[0]).toEqual(releases);
  });
  it('may be a capture and a cancellation: then the money goes back', () =>
    given(cancelled).when(paymentCaptured).then(paid, capturedAfterCancel, refundOwed('changed my mind')));
});
