import { describe, expect, it } from 'vitest';
import { type FulfilmentEvent, WaitKind } from './events.ts';
import type { FulfilmentInput } from './inputs.ts';
import { fulfilmentPolicy } from './policy.ts';
import {
  actionsAfter,
  captureCall,
  dispatchCall,
  given,
  policy,
  recallCall,
  refundCall,
  settleCall,
  stateAfter,
} from './testing/actions.ts';
import {
  awaitingDispatch,
  awaitingPayment,
  cancelled,
  refundOwed,
  refundSettled,
  shipped,
  timeout,
  waitParked,
} from './testing/events.ts';
import {
  parkWait,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  resumeWait,
  shipmentDispatched,
  shipmentRecalled,
  timeoutElapsed,
} from './testing/inputs.ts';
import { ofOrder } from './testing/order.ts';
import { maxTimeoutMs, timeoutMs } from './timeouts.ts';
import { activeWaits, dueWaits, type ExternalCall, waits } from './waits.ts';
import { fulfilmentWorkflow } from './workflow.ts';

/** Of each kind: a history that ends with its third timeout, the call that is then made, and the event that ends the wait. */
const samples: Readonly<
  Record<
    WaitKind,
    {
      readonly history: readonly FulfilmentEvent[];
      readonly call: ExternalCall;
      readonly endedBy: FulfilmentInput;
    }
  >
> = {
  payment: {
    history: [...awaitingPayment, timeout(2, 'payment', 2, '08:26:03'), timeout(3, 'payment', 1, '08:26:04')],
    call: captureCall,
    endedBy: paymentCaptured,
  },
  settlement: {
    history: [
      ...awaitingPayment,
      timeout(2, 'payment', 4, '08:26:10'),
      timeout(3, 'settlement', 1, '08:26:11'),
    ],
    call: settleCall('the payment provider gave no answer in time'),
    endedBy: paymentFailed,
  },
  refund: {
    history: [...shipped, refundOwed('broken'), timeout(3, 'refund', 1, '08:26:01')],
    call: refundCall('broken'),
    endedBy: paymentRefunded,
  },
  recall: {
    history: [...awaitingDispatch, cancelled, refundSettled, timeout(3, 'recall', 1, '08:26:01')],
    call: recallCall,
    endedBy: shipmentRecalled(),
  },
  dispatch: {
    history: [...awaitingDispatch, timeout(3, 'dispatch', 1, '08:28:00')],
    call: dispatchCall,
    endedBy: shipmentDispatched,
  },
};
const kinds = WaitKind.options;
const { decide, evolve } = fulfilmentWorkflow(policy);

describe('the table of waits', () => {
  it('has one entry for each kind, the most urgent first', () => {
    expect(Object.keys(waits)).toEqual(['payment', 'settlement', 'refund', 'recall', 'dispatch']);
    expect(Object.keys(waits).toSorted()).toEqual(kinds.toSorted());
  });
  it('limits only the wait for a payment; the wait for its settlement, which has no limit, replaces it', () => {
    const limits = kinds.flatMap((kind) => waits[kind].limit?.instead ?? []);
    expect(limits).toEqual(['settlement']);
    expect(waits.payment.limit?.ms(policy)).toBe(policy.paymentGiveUpMs);
    expect(waits.settlement.limit).toBeUndefined();
  });
  it('repeats a dispatch at longer intervals than any call to the payment provider', () => {
    for (const kind of kinds)
      expect(maxTimeoutMs(kind, fulfilmentPolicy)).toBe(kind === 'dispatch' ? 3_600_000 : 60_000);
  });
});

describe.each(kinds)('a wait for a %s', (kind) => {
  const { history, call, endedBy } = samples[kind];
  const state = stateAfter(...history);
  const firstMs = waits[kind].backoff(policy).firstMs;

  it('has a first timeout above zero and no longer than the maximum', () => {
    for (const each of [policy, fulfilmentPolicy]) {
      const backoff = waits[kind].backoff(each);
      expect(backoff.firstMs).toBeGreaterThan(0);
      expect(backoff.firstMs).toBeLessThanOrEqual(backoff.maxMs);
    }
    expect(timeoutMs({ ...ofOrder, waitingFor: kind, attempt: 1 }, policy)).toBe(firstMs);
  });
  it('makes its call while its timeout is scheduled', () => {
    expect(dueWaits(state)).toEqual([kind]);
    expect(actionsAfter(...history).calls).toEqual([call]);
  });
  it('repeats the call with its second attempt when the timeout elapses', () => {
    const events = decide(timeoutElapsed('o-1-3', '08:30:00'), state);
    expect(events).toMatchObject([{ type: 'TimeoutScheduled', data: { waitingFor: kind, attempt: 2 } }]);
    expect(actionsAfter(...history, ...events).calls).toEqual([call]);
  });
  it('makes no call while it is parked, and starts with the first attempt when it is resumed', () => {
    given(...history)
      .when(parkWait(kind))
      .then(waitParked(kind));
    const parked = [...history, waitParked(kind)];
    expect(activeWaits(stateAfter(...parked))).toEqual([]);
    expect(actionsAfter(...parked)).toMatchObject({ preparations: [], calls: [], timeout: undefined });

    const resumed = decide(resumeWait(kind), stateAfter(...parked));
    const dueAt = new Date(Date.parse('2010-12-01T09:00:00.000Z') + firstMs).toISOString();
    expect(resumed).toMatchObject([{ data: { timeoutId: 'o-1-4', waitingFor: kind, attempt: 1, dueAt } }]);
    expect(actionsAfter(...parked, ...resumed).calls).toEqual([call]);
  });
  it('ends with the event that it waits for, parked or not', () => {
    for (const before of [state, stateAfter(...history, waitParked(kind))])
      expect(dueWaits(decide(endedBy, before).reduce(evolve, before))).not.toContain(kind);
  });
});
