import { describe, expect, it, vi } from 'vitest';
import type { OutsideCall } from '../domain/fulfilment/steps.ts';
import { customerId, orderId } from '../domain/kernel/ids.ts';
import { EventStoreAway } from '../event-store/errors.ts';
import { silent } from '../event-store/logger.ts';
import { settingFailedCallsAside } from './failing-calls.ts';
import { RETRIES } from './verdicts.ts';

const ORDER = orderId('o-1');
const order = { orderId: ORDER, customerId: customerId('ann'), orderPosition: '10423' };
const dispatch: OutsideCall = { call: 'dispatch-shipment' };

/** Calls that fail as told; which waits were set aside for them. */
function calls() {
  const make = vi.fn(async () => undefined);
  const setWaitAside = vi.fn(async () => undefined);
  const guarded = settingFailedCallsAside(make, setWaitAside, silent);
  const { signal } = new AbortController();
  return {
    make,
    setWaitAside,
    call: (attempt = 1) => guarded(order, dispatch, { id: 'c' }, signal, attempt),
  };
}

describe('an external call', () => {
  it('whose answer can never be recorded is set aside at once, with the wait that it was made in', async () => {
    const { make, setWaitAside, call } = calls();
    make.mockRejectedValue(new TypeError('a defect'));
    await expect(call()).rejects.toThrow('a defect');
    expect(setWaitAside.mock.calls).toEqual([
      [ORDER, 'dispatch', 'dispatch-shipment: TypeError: a defect', { id: 'c' }],
    ]);
  });

  it('that fails in another way is set aside when it keeps failing', async () => {
    const { make, setWaitAside, call } = calls();
    make.mockRejectedValue(new Error('who knows'));
    for (let n = 0; n < RETRIES; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(setWaitAside).not.toHaveBeenCalled();
    await expect(call(RETRIES + 1)).rejects.toThrow();
    expect(setWaitAside).toHaveBeenCalledTimes(1);
  });

  it('that meets an outage is made again for as long as that lasts', async () => {
    const { make, setWaitAside, call } = calls();
    make.mockRejectedValue(new EventStoreAway('for a day'));
    for (let n = 0; n < 100; n += 1) await expect(call(n + 1)).rejects.toThrow();
    expect(setWaitAside).not.toHaveBeenCalled();
  });

  it('tells what went wrong with it, also where it cannot be set aside', async () => {
    const { make, setWaitAside, call } = calls();
    make.mockRejectedValue(new TypeError('a defect'));
    setWaitAside.mockRejectedValue(new EventStoreAway('for a day'));
    await expect(call()).rejects.toThrow('a defect');
  });
});
