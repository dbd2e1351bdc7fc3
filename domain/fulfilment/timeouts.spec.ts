import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderId } from '../kernel/ids.ts';
import { WaitKind } from './events.ts';
import { fulfilmentPolicy } from './policy.ts';
import { callsAfter, captureCall, given, settleCall } from './testing/actions.ts';
import { awaitingDispatch, awaitingPayment, failed, paid, timeout } from './testing/events.ts';
import { paymentCaptured, paymentFailed, timeoutElapsed } from './testing/inputs.ts';
import { ofOrder } from './testing/order.ts';
import { policies } from './testing/policies.ts';
import { maxTimeoutMs, nextAttempt, timeoutMs } from './timeouts.ts';
import { waits } from './waits.ts';

describe('a timeout that elapses', () => {
  it('repeats the call, and the next timeout is twice as long', () => {
    const second = timeout(2, 'payment', 2, '08:26:03');
    given(...awaitingPayment)
      .when(timeoutElapsed('o-1-1', '08:26:01'))
      .then(second);
    expect(callsAfter(...awaitingPayment, second)).toEqual([captureCall]);
  });
  it('repeats the dispatch call when the carrier has not taken the parcel', () =>
    given(...awaitingDispatch)
      .when(timeoutElapsed('o-1-2', '08:27:00'))
      .then(timeout(3, 'dispatch', 2, '08:29:00')));
  it('records nothing when it is no longer the current one', () => {
    given(...awaitingPayment, timeout(2, 'payment', 2, '08:26:03'))
      .when(timeoutElapsed('o-1-1', '08:26:03'))
      .thenNothing();
    given(...awaitingDispatch)
      .when(timeoutElapsed('o-1-1', '08:26:03'))
      .thenNothing();
    given().when(timeoutElapsed('o-1-1', '08:26:03')).thenNothing();
  });
  it('is followed by a timeout of the maximum length at most', () =>
    given(...awaitingPayment, timeout(2, 'settlement', 40, '09:00:00'))
      .when(timeoutElapsed('o-1-2', '09:00:00'))
      .then(timeout(3, 'settlement', 41, '09:00:08')));
  it('repeats the call and does not give up the payment when the clock has jumped', () => {
    given(...awaitingPayment)
      .when({ ...timeoutElapsed('o-1-1', '08:26:01'), now: '2010-12-02T08:26:01.000Z' })
      .then({
        type: 'TimeoutScheduled',
        data: {
          ...ofOrder,
          timeoutId: 'o-1-2',
          waitingFor: 'payment',
          attempt: 2,
          dueAt: '2010-12-02T08:26:03.000Z',
        },
      });
    given(...awaitingPayment)
      .when(timeoutElapsed('o-1-1', '01:00:00'))
      .then(timeout(2, 'payment', 2, '01:00:02'));
  });
});

describe('the limit of the wait for a payment', () => {
  const lastAttempt = [...awaitingPayment, timeout(2, 'payment', 4, '08:26:10')];
  const settlement = timeout(3, 'settlement', 1, '08:26:11');

  it('shortens the last timeout, which ends at the limit', () =>
    given(...awaitingPayment, timeout(2, 'payment', 3, '08:26:07'))
      .when(timeoutElapsed('o-1-2', '08:26:07'))
      .then(timeout(3, 'payment', 4, '08:26:10')));
  it('ends the capture attempts and settles the payment with the provider', () => {
    given(...lastAttempt)
      .when(timeoutElapsed('o-1-2', '08:26:10'))
      .then(settlement);
    expect(callsAfter(...lastAttempt, settlement)).toEqual([
      settleCall('the payment provider gave no answer in time'),
    ]);
  });
  it('rejects the order only when the provider says that no money moved', () => {
    given(...lastAttempt, settlement)
      .when(timeoutElapsed('o-1-3', '08:26:11'))
      .then(timeout(4, 'settlement', 2, '08:26:13'));
    given(...lastAttempt, settlement)
      .when(paymentFailed)
      .then(failed);
    given(...lastAttempt, settlement)
      .when(paymentCaptured)
      .then(paid, timeout(4, 'dispatch', 1, '08:27:00'));
  });
});

const orders = fc.uuid().map(orderId);
const kinds = fc.constantFrom(...WaitKind.options);

describe('the timeouts of a wait', () => {
  it('double up to the maximum of their kind, and are shortened by the jitter at most', () =>
    fc.assert(
      fc.property(
        orders,
        policies,
        kinds,
        fc.integer({ min: 1, max: 60 }),
        (order, policy, kind, attempt) => {
          const patient = { ...policy, paymentGiveUpMs: Number.MAX_SAFE_INTEGER };
          const { firstMs } = waits[kind].backoff(patient);
          const whole = Math.min(maxTimeoutMs(kind, patient), firstMs * 2 ** (attempt - 1));
          const ms = timeoutMs({ orderId: order, waitingFor: kind, attempt }, patient);
          expect(ms).toBeLessThanOrEqual(whole);
          expect(ms).toBeGreaterThanOrEqual(Math.floor(whole * (1 - policy.jitter)));
        },
      ),
    ));

  it('add up to the limit of the payment, to the millisecond', () =>
    fc.assert(
      fc.property(orders, policies, (order, { firstDeadlineMs, ...policy }) => {
        const sensible = { ...policy, firstDeadlineMs: Math.max(firstDeadlineMs, 100) };
        let sum = 0;
        for (let attempt = 1; ; attempt += 1) {
          const current = { orderId: order, waitingFor: 'payment', attempt } as const;
          sum += timeoutMs(current, sensible);
          const next = nextAttempt(current, sensible);
          if (next.waitingFor === 'settlement') {
            expect(next.attempt).toBe(1);
            break;
          }
          expect(next).toEqual({ ...current, attempt: attempt + 1 });
          expect(sum).toBeLessThan(policy.paymentGiveUpMs);
        }
        expect(sum).toBe(policy.paymentGiveUpMs);
      }),
    ));

  it('differ from order to order, so that orders that fail together are not retried together', () => {
    const all = Array.from({ length: 1_000 }, (_, number) =>
      timeoutMs({ orderId: orderId(`o-${number}`), waitingFor: 'refund', attempt: 3 }, fulfilmentPolicy),
    );
    const [whole, tenth] = [12_000, (12_000 * fulfilmentPolicy.jitter) / 10];
    const perTenth = Array.from(
      { length: 10 },
      (_, n) => all.filter((ms) => Math.ceil((whole - ms + 1) / tenth) - 1 === n).length,
    );
    // About a hundred each.
    for (const count of perTenth) expect(count).toBeGreaterThan(50);
    expect(Math.max(...perTenth)).toBeLessThan(200);
  });

  it('are the same each time they are computed', () =>
    fc.assert(
      fc.property(orders, policies, kinds, (order, policy, kind) => {
        const attempt = { orderId: order, waitingFor: kind, attempt: 2 };
        expect(timeoutMs(attempt, policy)).toBe(timeoutMs(attempt, policy));
      }),
    ));
});
