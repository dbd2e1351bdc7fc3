import { describe, expect, it, vi } from 'vitest';
import type { OutsideCall } from '../../domain/fulfilment/steps.ts';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import { silent } from '../../event-store/logger.ts';
import { RETRIES } from '../verdicts.ts';
import { type CrashGuard, WORKER_CRASHED } from './crash-guard.ts';
import { createCallWithParking, MAX_UNGUARDED_ATTEMPTS } from './park-failed-calls.ts';

const ORDER = orderId('o-1');
const order = { orderId: ORDER, customerId: customerId('ann'), orderPosition: '10423' };
const dispatch: OutsideCall = { call: 'dispatch-shipment' };

/** A guard that lets all work run. */
const trusting: CrashGuard = { run: (_workId, work) => work() };

/** Calls that fail as told, and the waits that are parked for them. */
function calls(guard = trusting) {
  const make = vi.fn(async () => undefined);
  const parkWait = vi.fn(async () => undefined);
  const callWithParking = createCallWithParking(make, parkWait, guard, silent);
  const { signal } = new AbortController();
  return {
    make,
    parkWait,
    call: (attempt = 1) => callWithParking(order, dispatch, { id: 'c' }, signal, attempt),
  };
}

describe('an external call', () => {
  it('whose response can never be recorded is parked at once, with its wait', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new TypeError('a defect'));
    await expect(call()).rejects.toThrow('a defect');
    expect(parkWait.mock.calls).toEqual([
      [
        ORDER,
        'dispatch',
        { reason: 'permanent-error', detail: 'dispatch-shipment: TypeError: a defect' },
        { id: 'c' },
      ],
    ]);
  });

  it('that keeps failing for another reason is parked after ten retries', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new Error('who knows'));
    for (let n = 0; n < RETRIES; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(parkWait).not.toHaveBeenCalled();
    await expect(call(RETRIES + 1)).rejects.toThrow();
    expect(parkWait.mock.calls).toMatchObject([[ORDER, 'dispatch', { reason: 'retries-exhausted' }, {}]]);
  });

  it('that fails in an outage is retried as long as the outage lasts', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new EventStoreUnavailable('for a day'));
    for (let n = 0; n < 100; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(parkWait).not.toHaveBeenCalled();
  });

  it('throws its error, even if its wait cannot be parked', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new TypeError('a defect'));
    parkWait.mockRejectedValue(new EventStoreUnavailable('for a day'));
    await expect(call()).rejects.toThrow('a defect');
  });

  it('is guarded from its fourth attempt on, and parked when it crashes its workers', async () => {
    const guarded = vi.fn(async (_workId: string, _work: unknown, park: () => Promise<unknown>) => {
      await park();
      return undefined;
    });
    const { make, parkWait, call } = calls({ run: guarded });
    await call(MAX_UNGUARDED_ATTEMPTS);
    expect(guarded).not.toHaveBeenCalled();
    await call(MAX_UNGUARDED_ATTEMPTS + 1);
    expect(make).toHaveBeenCalledTimes(1);
    expect(parkWait.mock.calls).toEqual([[ORDER, 'dispatch', WORKER_CRASHED, { id: 'c' }]]);
  });
});
