import { describe, expect, it, vi } from 'vitest';
import { EventStoreUnavailable } from '../../../event-store/errors.ts';
import { silent } from '../../../event-store/logger.ts';
import { RETRIES } from '../verdicts.ts';
import { type CrashGuard, WORKER_CRASHED } from './crash-guard.ts';
import { createCallWithParking, MAX_UNGUARDED_ATTEMPTS } from './park-failed-calls.ts';

const dispatch = { type: 'DispatchShipment' };
const cause = { id: 'c' };
const itemOf = (id: string, waitingFor: string) => ({
  itemId: `${waitingFor} of ${id}`,
  subject: { group: 'fulfilment', kind: 'deadline', stream: `fulfilment-${id}`, type: waitingFor } as const,
});

/** A guard that lets all work run. */
const permissive: CrashGuard = { run: (_workId, work) => work() };

/** Creates a call of the order o-1 that `make` fails, with the waits that are parked for it. */
function calls(guard = permissive) {
  const make = vi.fn(async () => undefined);
  const parkWait = vi.fn(async () => undefined);
  const callWithParking = createCallWithParking({
    make,
    parkWait,
    guard,
    itemOf,
    waitOf: () => 'dispatch',
    logger: silent,
  });
  const { signal } = new AbortController();
  return {
    make,
    parkWait,
    call: (attempt = 1) => callWithParking({ id: 'o-1', call: dispatch, cause, attempt }, signal),
  };
}

describe('an external call that fails', () => {
  it('parks its wait at once when its result can never be recorded', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new TypeError('a defect'));
    await expect(call()).rejects.toThrow('a defect');
    const detail = 'DispatchShipment: TypeError: a defect';
    expect(parkWait.mock.calls).toEqual([['o-1', 'dispatch', { reason: 'permanent-error', detail }, cause]]);
  });

  it('parks its wait after ten retries when it keeps failing for another reason', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new Error('an unknown reason'));
    for (let n = 0; n < RETRIES; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(parkWait).not.toHaveBeenCalled();
    await expect(call(RETRIES + 1)).rejects.toThrow();
    expect(parkWait.mock.calls).toMatchObject([['o-1', 'dispatch', { reason: 'retries-exhausted' }, {}]]);
  });

  it('is retried for as long as an outage lasts', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new EventStoreUnavailable('for a day'));
    for (let n = 0; n < 100; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(parkWait).not.toHaveBeenCalled();
  });

  it('throws its own error when its wait cannot be parked', async () => {
    const { make, parkWait, call } = calls();
    make.mockRejectedValue(new TypeError('a defect'));
    parkWait.mockRejectedValue(new EventStoreUnavailable('for a day'));
    await expect(call()).rejects.toThrow('a defect');
  });
});

describe('an external call that crashes its workers', () => {
  it('is guarded from its fourth attempt on, and its wait is parked', async () => {
    const guarded = vi.fn(async (_workId: string, _work: unknown, park: () => Promise<unknown>) => {
      await park();
      return undefined;
    });
    const { make, parkWait, call } = calls({ run: guarded });
    await call(MAX_UNGUARDED_ATTEMPTS);
    expect(guarded).not.toHaveBeenCalled();
    await call(MAX_UNGUARDED_ATTEMPTS + 1);
    expect(guarded.mock.calls.map(([workId]) => workId)).toEqual(['dispatch of o-1']);
    expect(make).toHaveBeenCalledTimes(1);
    expect(parkWait.mock.calls).toEqual([['o-1', 'dispatch', WORKER_CRASHED, cause]]);
  });
});
