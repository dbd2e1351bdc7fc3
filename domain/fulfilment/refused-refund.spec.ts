import { describe, expect, it } from 'vitest';
import { customerId, orderId, productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { specOf } from '../testing/given-when-then.ts';
import { fulfilment } from './decider.ts';
import { type FulfilmentEvent, fulfilmentEvents } from './events.ts';
import { evolve } from './evolve.ts';
import { pending } from './pending.ts';
import { fulfilmentPolicy } from './policy.ts';
import { initialFulfilment } from './state.ts';

const { given } = specOf(fulfilment({ ...fulfilmentPolicy, jitter: 0 }), fulfilmentEvents);

const ofOrder = { orderId: orderId('o-1') };
const now = '2026-01-05T10:00:00.000Z';
const inThreeSeconds = '2026-01-05T10:00:03.000Z';
const deadline = (number: number): FulfilmentEvent => ({
  type: 'DeadlineSet',
  data: {
    ...ofOrder,
    deadlineId: `o-1-${number}`,
    waitingFor: 'refund',
    attempt: 1,
    dueAt: inThreeSeconds,
  },
});
const owed: FulfilmentEvent = { type: 'RefundOwed', data: { ...ofOrder, reason: 'changed my mind' } };
const setAside: FulfilmentEvent = {
  type: 'RefundSetAside',
  data: { ...ofOrder, reason: 'changed my mind', refusal: 'no such payment' },
};

/** Cancelled after it was paid for; everything else is done. */
const refunding: readonly FulfilmentEvent[] = [
  {
    type: 'FulfilmentStarted',
    data: {
      ...ofOrder,
      customerId: customerId('ann'),
      lines: [{ productId: productId('tea'), quantity: 1 }],
      total: money(250, 'GBP'),
      paymentToken: 'tok_ok',
      orderPosition: '10423',
    },
  },
  { type: 'StockAllocated', data: ofOrder },
  { type: 'FulfilmentPaid', data: ofOrder },
  { type: 'FulfilmentCancelled', data: { ...ofOrder, reason: 'changed my mind', cancelledBy: 'ann' } },
  owed,
  deadline(1),
];
const refused = { type: 'NoteRefundRefused', ...ofOrder, now, refusal: 'no such payment' } as const;
const resume = { type: 'ResumeRefund', ...ofOrder, now } as const;

describe('a refund that the provider keeps refusing', () => {
  it('is set aside: nobody is asked and nothing is waited for, but the order is not done', () => {
    given(...refunding)
      .when(refused)
      .then(setAside);
    const { calls, stages, deadline } = pending([...refunding, setAside].reduce(evolve, initialFulfilment));
    expect({ calls, stages, deadline }).toEqual({ calls: [], stages: [], deadline: undefined });
  });
  it('is set aside once, and only while it is owed', () => {
    given(...refunding, setAside)
      .when(refused)
      .thenNothing();
    given(...refunding, { type: 'RefundSettled', data: ofOrder })
      .when(refused)
      .thenNothing();
  });
  it('is owed again when an operator says so', () => {
    given(...refunding, setAside)
      .when(resume)
      .then(owed, deadline(2));
    given(...refunding)
      .when(resume)
      .thenNothing();
  });
  it('is owed again when somebody asks for the money anew', () => {
    const asked = { type: 'NoteRefundRequested', ...ofOrder, now, reason: 'still broken' } as const;
    given(...refunding, setAside)
      .when(asked)
      .then({ type: 'RefundOwed', data: { ...ofOrder, reason: 'still broken' } }, deadline(2));
    given(...refunding)
      .when(asked)
      .thenNothing();
  });
  it('is settled when the money went back after all', () =>
    given(...refunding, setAside)
      .when({ type: 'NotePaymentRefunded', ...ofOrder, now })
      .then(
        { type: 'RefundSettled', data: ofOrder },
        { type: 'FulfilmentCompleted', data: { ...ofOrder, outcome: 'cancelled' } },
      ));
});
