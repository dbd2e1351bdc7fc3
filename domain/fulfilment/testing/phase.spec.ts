import { describe, expect, it } from 'vitest';
import type { FulfilmentEvent } from '../events.ts';
import { stateAfter } from './actions.ts';
import {
  allocated,
  awaitingDispatch,
  awaitingPayment,
  cancelled,
  completed,
  dispatched,
  paid,
  refundOwed,
  refundSettled,
  shipped,
  started,
  timeout,
  waitParked,
} from './events.ts';
import { phaseOf } from './phase.ts';

const phaseAfter = (...history: readonly FulfilmentEvent[]) => phaseOf(stateAfter(...history));

describe('the phase of an order', () => {
  it('follows the order from its stock to its shipment', () => {
    expect(phaseAfter(started)).toBe('reserving');
    expect(phaseAfter(...awaitingPayment)).toBe('awaiting-payment');
    expect(phaseAfter(...awaitingDispatch)).toBe('awaiting-dispatch');
    expect(phaseAfter(...awaitingDispatch, dispatched)).toBe('shipping');
    expect(phaseAfter(...shipped)).toBe('shipped');
  });
  it('is settling while the provider is asked whether it charged', () =>
    expect(phaseAfter(...awaitingPayment, timeout(2, 'settlement', 1, '08:26:10'))).toBe('settling'));
  it('stays the same when a wait is parked', () =>
    expect(phaseAfter(...awaitingPayment, waitParked('payment'))).toBe('awaiting-payment'));
  it('is cancelling until the money is back', () => {
    const refunding = [started, allocated, paid, cancelled, refundOwed('changed my mind')];
    expect(phaseAfter(...refunding, timeout(1, 'refund', 1, '08:26:01'))).toBe('cancelling');
    expect(phaseAfter(...refunding, timeout(1, 'refund', 1, '08:26:01'), refundSettled)).toBe('cancelled');
  });
  it('is cancelled when the order is cancelled and no money moved', () =>
    expect(phaseAfter(started, cancelled, completed('cancelled'))).toBe('cancelled'));
  it('is refunding when a shipped order is refunded', () =>
    expect(phaseAfter(...shipped, refundOwed('broken'))).toBe('refunding'));
});
