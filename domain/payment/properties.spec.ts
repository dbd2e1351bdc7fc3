import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerId, orderId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { attempt, deepFreeze } from '../testing/given-when-then.ts';
import type { PaymentCommand } from './commands.ts';
import { paymentDecider } from './decider.ts';
import type { PaymentEvent } from './events.ts';
import type { PaymentState } from './state.ts';

const { initialState } = paymentDecider;

const at = '2010-12-01T08:26:00Z';
const command = fc.constantFrom<PaymentCommand>(
  {
    type: 'RequestPayment',
    orderId: orderId('o-1'),
    customerId: customerId('17850'),
    amount: money(2544, 'GBP'),
    paymentToken: 'tok_ok',
  },
  { type: 'RecordCapture', reference: 'ch_1', capturedAt: at },
  { type: 'RecordDecline', reason: 'card expired' },
  { type: 'RecordFailure', reason: 'no answer' },
  { type: 'ResolvePayment', outcome: 'failed', reason: 'asked', resolvedBy: 'olga' },
  { type: 'ResolvePayment', outcome: 'captured', reason: 'asked', resolvedBy: 'olga', capturedAt: at },
  { type: 'ResolvePayment', outcome: 'refunded', reason: 'asked', resolvedBy: 'olga', refundedAt: at },
  { type: 'RequestRefund', reason: 'broken', requestedBy: 'operator-1' },
  { type: 'RecordRefund', reference: 're_1', refundedAt: at },
);

const send = (state: PaymentState, command: PaymentCommand) => attempt(paymentDecider, state, command);

const amounts = (log: readonly PaymentEvent[], type: 'PaymentCaptured' | 'PaymentRefunded') =>
  log.reduce((total, event) => (event.type === type ? total + event.data.amount.amount : total), 0);

describe('after any commands', () => {
  it('money is captured at most once, and no more is refunded than was captured', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let state: PaymentState = deepFreeze(initialState);
        const log: PaymentEvent[] = [];
        for (const command of commands) {
          const after = send(state, command);
          state = after.state;
          log.push(...after.events);
          const captured = amounts(log, 'PaymentCaptured');
          const refunded = amounts(log, 'PaymentRefunded');
          expect([0, 2544]).toContain(captured);
          expect(refunded).toBeLessThanOrEqual(captured);
          expect(refunded).toBe(state.status === 'refunded' ? captured : 0);
        }
      }),
    );
  });

  it('a reported capture is recorded, unless no payment was requested', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const before = commands.reduce((state, command) => send(state, command).state, initialState);
        const { state } = send(before, { type: 'RecordCapture', reference: 'ch_2', capturedAt: at });
        expect(['unrequested', 'captured', 'refund-requested', 'refunded']).toContain(state.status);
      }),
    );
  });

  it('a repeated command records no event', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let state: PaymentState = deepFreeze(initialState);
        for (const command of commands) {
          state = send(state, command).state;
          expect(send(state, command).events).toEqual([]);
        }
      }),
    );
  });
});
