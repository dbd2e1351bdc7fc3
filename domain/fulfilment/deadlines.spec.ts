import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OrderId, orderId } from '../kernel/ids.ts';
import { deadlineSet, isLastWaitForPayment, longestWaitMs } from './deadlines.ts';
import { type FulfilmentPolicy, fulfilmentPolicy } from './policy.ts';
import { initialFulfilment } from './state.ts';
import type { Deadline } from './steps.ts';

const now = '2026-01-05T10:00:00.000Z';
const KINDS: readonly Deadline['waitingFor'][] = ['payment', 'settlement', 'dispatch', 'refund'];

function waitMs(
  orderId: OrderId,
  waitingFor: Deadline['waitingFor'],
  attempt: number,
  policy: FulfilmentPolicy,
): number {
  const event = deadlineSet({ orderId, waitingFor, attempt, now }, initialFulfilment, policy);
  if (event.type !== 'DeadlineSet') throw new TypeError(event.type);
  return Date.parse(event.data.dueAt) - Date.parse(now);
}

const orders = fc.uuid().map(orderId);
const policies = fc.record({
  firstDeadlineMs: fc.integer({ min: 1, max: 10_000 }),
  maxDeadlineMs: fc.integer({ min: 10_000, max: 100_000 }),
  paymentGiveUpMs: fc.integer({ min: 1, max: 200_000 }),
  firstDispatchMs: fc.integer({ min: 1, max: 10_000 }),
  maxDispatchMs: fc.integer({ min: 10_000, max: 3_600_000 }),
  jitter: fc.double({ min: 0, max: 0.5, noNaN: true }),
});

describe('the waits of an order', () => {
  it('are twice as long each time up to the longest, and shorter by no more than their jitter', () =>
    fc.assert(
      fc.property(
        orders,
        policies,
        fc.constantFrom(...KINDS),
        fc.integer({ min: 1, max: 60 }),
        (order, policy, kind, attempt) => {
          const first = kind === 'dispatch' ? policy.firstDispatchMs : policy.firstDeadlineMs;
          const whole = Math.min(longestWaitMs(kind, policy), first * 2 ** (attempt - 1));
          const wait = waitMs(order, kind, attempt, { ...policy, paymentGiveUpMs: Number.MAX_SAFE_INTEGER });
          expect(wait).toBeLessThanOrEqual(whole);
          expect(wait).toBeGreaterThanOrEqual(Math.floor(whole * (1 - policy.jitter)));
        },
      ),
    ));

  it('for its payment come to the time after which it is given up, to the millisecond', () =>
    fc.assert(
      fc.property(orders, policies, (order, { firstDeadlineMs, ...policy }) => {
        const sensible = { ...policy, firstDeadlineMs: Math.max(firstDeadlineMs, 100) };
        let waited = 0;
        for (let attempt = 1; ; attempt += 1) {
          waited += waitMs(order, 'payment', attempt, sensible);
          if (isLastWaitForPayment({ orderId: order, waitingFor: 'payment', attempt }, sensible)) break;
          expect(waited).toBeLessThan(policy.paymentGiveUpMs);
        }
        expect(waited).toBe(policy.paymentGiveUpMs);
      }),
    ));

  it('end one after the other where those of many orders began at once', () => {
    const waits = Array.from({ length: 1_000 }, (_, n) =>
      waitMs(orderId(`o-${n}`), 'refund', 3, fulfilmentPolicy),
    );
    const [whole, tenth] = [12_000, (12_000 * fulfilmentPolicy.jitter) / 10];
    const perTenth = Array.from(
      { length: 10 },
      (_, n) => waits.filter((wait) => Math.ceil((whole - wait + 1) / tenth) - 1 === n).length,
    );
    // A hundred each, were chance even.
    for (const count of perTenth) expect(count).toBeGreaterThan(50);
    expect(Math.max(...perTenth)).toBeLessThan(200);
  });

  it('are the same again for whoever works them out again', () =>
    fc.assert(
      fc.property(orders, policies, (order, policy) => {
        expect(waitMs(order, 'dispatch', 2, policy)).toBe(waitMs(order, 'dispatch', 2, policy));
      }),
    ));
});
