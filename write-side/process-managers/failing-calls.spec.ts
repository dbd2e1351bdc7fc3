import { describe, expect, it, vi } from 'vitest';
import type { OutsideCall } from '../../domain/fulfilment/steps.ts';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { EventStoreAway } from '../../event-store/errors.ts';
import { settingFailedCallsAside } from './failing-calls.ts';
import { waitStep } from './parked/parked-steps.ts';
import { RETRIES } from './verdicts.ts';

const ORDER = orderId('o-1');
const order = { orderId: ORDER, customerId: customerId('ann'), placedAt: '2026-01-05T10:00:00.000Z' };
const dispatch: OutsideCall = { call: 'dispatch-shipment' };

/** Calls that fail as told; what of them was parked and taken off the list. */
function calls() {
  const make = vi.fn(async () => undefined);
  const parking = {
    park: vi.fn(async () => undefined),
    replayed: vi.fn(async () => undefined),
  };
  const guarded = settingFailedCallsAside(make, parking);
  const { signal } = new AbortController();
  return { make, parking, call: (attempt = 1) => guarded(order, dispatch, { id: 'c' }, signal, attempt) };
}

describe('a call to the outside', () => {
  it('whose answer can never be recorded is set aside at once, with the wait that it was made in', async () => {
    const { make, parking, call } = calls();
    make.mockRejectedValue(new TypeError('a defect'));
    await expect(call()).rejects.toThrow('a defect');
    expect(parking.park.mock.calls).toEqual([
      [waitStep(ORDER, 'dispatch'), 'dispatch-shipment: TypeError: a defect'],
    ]);
  });

  it('that fails in another way is set aside when it keeps failing', async () => {
    const { make, parking, call } = calls();
    make.mockRejectedValue(new Error('who knows'));
    for (let n = 0; n < RETRIES; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(parking.park).not.toHaveBeenCalled();
    await expect(call(RETRIES + 1)).rejects.toThrow();
    expect(parking.park).toHaveBeenCalledTimes(1);
  });

  it('that meets an outage is made again for as long as that lasts', async () => {
    const { make, parking, call } = calls();
    make.mockRejectedValue(new EventStoreAway('for a day'));
    for (let n = 0; n < 100; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(parking.park).not.toHaveBeenCalled();
  });

  it('that gets through when it is made again takes its wait off the list', async () => {
    const { parking, call } = calls();
    await call(1);
    expect(parking.replayed).not.toHaveBeenCalled();
    await call(2);
    expect(parking.replayed.mock.calls).toEqual([[waitStep(ORDER, 'dispatch').stepId]]);
  });
});
