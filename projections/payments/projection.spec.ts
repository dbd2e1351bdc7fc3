import { describe, expect, it } from 'vitest';
import { ofOrder, paymentCaptured, paymentRefunded, paymentRequested } from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { paymentsProjection } from './projection.ts';

const payment = (log: TestLog) => bodies(fold(paymentsProjection, log.events)).o1;

describe('the read model payments', () => {
  it('shows a requested, captured and refunded payment', () => {
    expect(payment(refunded())).toEqual({
      orderId: 'o1',
      customerId: 'ann',
      status: 'refunded',
      amount: { amount: 765, currency: 'GBP' },
      reference: 'pay_1',
      requestedAt: '2026-03-01T12:00:01.000Z',
      capturedAt: '2026-03-01T12:30:00.000Z',
      refund: {
        reason: 'cancelled',
        requestedBy: 'olga',
        requestedAt: '2026-03-01T12:00:03.000Z',
        reference: 'ref_1',
        refundedAt: '2026-03-02T08:00:00.000Z',
      },
      updatedAt: '2026-03-01T12:00:04.000Z',
      revision: '3',
    });
  });

  it('stays captured while a refund is only requested', () => {
    const log = new TestLog();
    log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
    log.record('payment-o1', refundRequested);

    expect(payment(log)).toMatchObject({ status: 'captured', refund: { requestedBy: 'olga' } });
  });

  it('shows a capture after a failure, without the reason of the failure', () => {
    const log = new TestLog();
    log.record('payment-o1', paymentRequested('o1', 765));
    log.record('payment-o1', { type: 'PaymentFailed', data: { ...ofOrder('o1'), reason: 'away' } });
    expect(payment(log)).toMatchObject({ status: 'failed', reason: 'away' });

    log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
    expect(payment(log)).toMatchObject({ status: 'captured' });
    expect(payment(log)).not.toHaveProperty('reason');
  });

  it('shows a declined payment', () => {
    const log = new TestLog();
    log.record('payment-o1', paymentRequested('o1', 765));
    log.record('payment-o1', { type: 'PaymentDeclined', data: { ...ofOrder('o1'), reason: 'no funds' } });

    expect(payment(log)).toMatchObject({ status: 'declined', reason: 'no funds' });
  });

  it('never contains the payment token', () => {
    expect(JSON.stringify(payment(refunded()))).not.toContain('tok_');
  });

  it('accepts events in any order, and produces the same documents after a crash', () => {
    const { events } = refunded();

    expect(bodies(fold(paymentsProjection, events.toReversed())).o1).toBeDefined();
    expect(differencesAfterCrashes(paymentsProjection, events)).toEqual([]);
  });
});

const refundRequested = {
  type: 'RefundRequested',
  data: { ...ofOrder('o1'), reason: 'cancelled', requestedBy: 'olga' },
} as const;

function refunded(): TestLog {
  const log = new TestLog();
  log.record('payment-o1', paymentRequested('o1', 765));
  log.record('payment-o1', paymentCaptured('o1', 765, '2026-03-01T12:30:00.000Z'));
  log.record('payment-o1', refundRequested);
  log.record('payment-o1', paymentRefunded('o1', 765, '2026-03-02T08:00:00.000Z'));
  return log;
}
