import { describe, it } from 'vitest';
import { NotFound } from '../kernel/domain-error.ts';
import { customerId, orderId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { PaymentCommand } from './commands.ts';
import { paymentDecider } from './decider.ts';
import { PaymentNotCaptured, PaymentNotInDoubt } from './errors.ts';
import { type PaymentEvent, paymentEvents } from './events.ts';

const { given } = specOf(paymentDecider, paymentEvents);

const owner = { orderId: orderId('o-1'), customerId: customerId('17850') };
const amount = money(2544, 'GBP');

const request: PaymentCommand = { type: 'RequestPayment', ...owner, amount, paymentToken: 'tok_ok' };
const requested: PaymentEvent = {
  type: 'PaymentRequested',
  data: { ...owner, amount, paymentToken: 'tok_ok' },
};
const capture: PaymentCommand = {
  type: 'RecordCapture',
  reference: 'ch_1',
  capturedAt: '2010-12-01T08:26:05.000Z',
};
const captured: PaymentEvent = {
  type: 'PaymentCaptured',
  data: { ...owner, amount, reference: 'ch_1', capturedAt: '2010-12-01T08:26:05.000Z' },
};
const decline: PaymentCommand = { type: 'RecordDecline', reason: 'card expired' };
const declined: PaymentEvent = { type: 'PaymentDeclined', data: { ...owner, reason: 'card expired' } };
const fail: PaymentCommand = { type: 'RecordFailure', reason: 'the provider is unavailable' };
const failed: PaymentEvent = {
  type: 'PaymentFailed',
  data: { ...owner, reason: 'the provider is unavailable' },
};
const requestRefund: PaymentCommand = { type: 'RequestRefund', reason: 'broken', requestedBy: 'operator-1' };
const refundRequested: PaymentEvent = {
  type: 'RefundRequested',
  data: { ...owner, reason: 'broken', requestedBy: 'operator-1' },
};
const refund: PaymentCommand = {
  type: 'RecordRefund',
  reference: 're_1',
  refundedAt: '2010-12-02T09:00:00.000Z',
};
const refunded = (reason: string): PaymentEvent => ({
  type: 'PaymentRefunded',
  data: { ...owner, amount, reason, reference: 're_1', refundedAt: '2010-12-02T09:00:00.000Z' },
});

describe('requesting a payment', () => {
  it('has no effect when it is repeated', () => {
    given().when(request).then(requested);
    given(requested).when(request).thenNothing();
    given(requested, failed).when(request).thenNothing();
  });
});

describe('a result that comes with its request', () => {
  const of = { ...owner, amount, paymentToken: 'tok_ok' };
  it('records the request and the result in one append', () => {
    given()
      .when({ ...capture, request: of })
      .then(requested, captured);
    given()
      .when({ ...decline, request: of })
      .then(requested, declined);
  });
  it('does not record the request again', () => {
    given(requested)
      .when({ ...capture, request: of })
      .then(captured);
    given(requested, captured)
      .when({ ...capture, request: of })
      .thenNothing();
  });
});

describe('a report of the provider', () => {
  it('is recorded', () => {
    given(requested).when(capture).then(captured);
    given(requested).when(decline).then(declined);
    given(requested).when(fail).then(failed);
  });
  it('is recorded once', () => {
    given(requested, captured).when(capture).thenNothing();
    given(requested, declined).when(decline).thenNothing();
    given(requested, failed).when(fail).thenNothing();
  });
  it('of a capture is recorded even after a decline or a failure', () => {
    given(requested, declined).when(capture).then(captured);
    given(requested, failed).when(capture).then(captured);
  });
  it('of a decline or failure after a capture is recorded once as a contradiction', () => {
    const contradicted = (
      kind: 'declined-after-capture' | 'failed-after-capture',
      what: string,
    ): PaymentEvent => ({
      type: 'PaymentContradicted',
      data: { ...owner, kind, detail: `the provider captured the payment, then said: ${what}` },
    });
    const declinedLater = contradicted('declined-after-capture', 'declined');
    const failedLater = contradicted('failed-after-capture', 'no money moved');
    given(requested, captured).when(decline).then(declinedLater);
    given(requested, captured, declinedLater).when(decline).thenNothing();
    given(requested, captured, declinedLater).when(fail).then(failedLater);
    given(requested, captured, refunded('broken')).when(fail).then(failedLater);
    given(requested, captured, refunded('broken'), failedLater).when(fail).thenNothing();
  });
  it('of a second capture or refund with another reference is recorded once, without effect on the payment', () => {
    const twice: PaymentEvent = {
      type: 'PaymentContradicted',
      data: { ...owner, kind: 'captured-twice', detail: 'captured again, with reference ch_2' },
    };
    given(requested, captured)
      .when({ ...capture, reference: 'ch_2' })
      .then(twice);
    given(requested, captured, twice)
      .when({ ...capture, reference: 'ch_2' })
      .thenNothing();
    given(requested, captured, refunded('broken'))
      .when({ type: 'RecordRefund', reference: 're_2', refundedAt: '2010-12-03T09:00:00.000Z' })
      .then({
        type: 'PaymentContradicted',
        data: { ...owner, kind: 'refunded-twice', detail: 'refunded again, with reference re_2' },
      });
  });
  it('of a decline or failure is recorded once', () => {
    given(requested, declined).when(fail).thenNothing();
    given(requested, failed).when(decline).thenNothing();
  });
  it('is rejected when the payment was not requested', () => {
    given().when(capture).thenRejects(NotFound, { what: 'payment' });
    given().when(fail).thenRejects(NotFound, { what: 'payment' });
  });
});

describe('resolving an unknown outcome', () => {
  const why = { reason: 'asked by telephone', resolvedBy: 'olga' };
  const paid: PaymentCommand = {
    type: 'ResolvePayment',
    ...why,
    outcome: 'captured',
    reference: 'ch_1',
    capturedAt: '2010-12-01T08:26:05.000Z',
  };
  const unpaid: PaymentCommand = { type: 'ResolvePayment', ...why, outcome: 'failed' };
  const resolved = (outcome: 'captured' | 'failed'): PaymentEvent => ({
    type: 'PaymentDoubtResolved',
    data: { ...owner, outcome, ...why },
  });
  const failedAsTold: PaymentEvent = { type: 'PaymentFailed', data: { ...owner, reason: why.reason } };

  it('records the operator and the outcome', () => {
    given(requested).when(paid).then(resolved('captured'), captured);
    given(requested).when(unpaid).then(resolved('failed'), failedAsTold);
  });
  it('is accepted without a reference of the provider', () =>
    given(requested)
      .when({ type: 'ResolvePayment', ...why, outcome: 'captured', capturedAt: '2010-12-01T08:26:05.000Z' })
      .then(resolved('captured'), {
        type: 'PaymentCaptured',
        data: { ...owner, amount, reference: 'not known', capturedAt: '2010-12-01T08:26:05.000Z' },
      }));
  it('has no effect when it is repeated, or when the provider has reported the same', () => {
    given(requested, resolved('captured'), captured).when(paid).thenNothing();
    given(requested, resolved('failed'), failedAsTold).when(unpaid).thenNothing();
    given(requested, captured, refundRequested).when(paid).thenNothing();
    given(requested, failed).when(unpaid).thenNothing();
  });
  it('is rejected when the outcome is known', () => {
    given(requested, captured).when(unpaid).thenRejects(PaymentNotInDoubt, { status: 'captured' });
    given(requested, failed).when(paid).thenRejects(PaymentNotInDoubt, { status: 'failed' });
    given(requested, declined).when(unpaid).thenRejects(PaymentNotInDoubt, { status: 'declined' });
    given(requested, { ...captured, data: { ...captured.data, reference: 'ch_2' } } as PaymentEvent)
      .when(paid)
      .thenRejects(PaymentNotInDoubt, { status: 'captured' });
    given().when(paid).thenRejects(NotFound, { what: 'payment' });
  });
  it('does not prevent a later capture report', () =>
    given(requested, resolved('failed'), failedAsTold).when(capture).then(captured));
});

describe('a refund outside the provider', () => {
  const returned: PaymentCommand = {
    type: 'ResolvePayment',
    reason: 'by bank transfer',
    resolvedBy: 'olga',
    outcome: 'refunded',
    reference: 're_1',
    refundedAt: '2010-12-02T09:00:00.000Z',
  };

  it('is recorded with the reason of the operator, with or without a refund request', () => {
    given(requested, captured).when(returned).then(refunded('by bank transfer'));
    given(requested, captured, refundRequested).when(returned).then(refunded('by bank transfer'));
  });
  it('is recorded once', () =>
    given(requested, captured, refunded('by bank transfer')).when(returned).thenNothing());
  it('is rejected when the payment was not captured', () => {
    given(requested).when(returned).thenRejects(PaymentNotCaptured, { status: 'requested' });
    given(requested, failed).when(returned).thenRejects(PaymentNotCaptured, { status: 'failed' });
  });
});

describe('refunding a payment', () => {
  it('records the refund with the reason of its request', () => {
    given(requested, captured).when(requestRefund).then(refundRequested);
    given(requested, captured, refundRequested).when(refund).then(refunded('broken'));
  });
  it('is accepted without a request', () =>
    given(requested, captured)
      .when({ ...refund, reason: 'the order was cancelled' })
      .then(refunded('the order was cancelled')));
  it('has no effect when it is repeated', () => {
    given(requested, captured, refundRequested).when(requestRefund).thenNothing();
    given(requested, captured, refunded('broken')).when(requestRefund).thenNothing();
    given(requested, captured, refunded('broken')).when(refund).thenNothing();
    given(requested, captured, refunded('broken')).when(capture).thenNothing();
  });
  it('is rejected when the payment was not captured', () => {
    given(requested).when(requestRefund).thenRejects(PaymentNotCaptured, { status: 'requested' });
    given(requested, declined).when(requestRefund).thenRejects(PaymentNotCaptured, { status: 'declined' });
    given(requested, failed).when(refund).thenRejects(PaymentNotCaptured, { status: 'failed' });
    given().when(requestRefund).thenRejects(NotFound, { what: 'payment' });
  });
});
