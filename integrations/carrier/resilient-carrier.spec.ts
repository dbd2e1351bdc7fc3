import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { resilienceMetrics } from '../resilience/resilience-metrics.ts';
import { defaultResilience } from '../resilience/resilient-calls.ts';
import { autoCarrier, type Carrier, type DispatchResult, manualCarrier } from './carrier.ts';
import { resilientCarrier } from './resilient-carrier.ts';

const request = { orderId: orderId('o-1'), customerId: customerId('ann') };
const unavailable: DispatchResult = { outcome: 'unavailable', reason: '503' };
const resilience = {
  ...defaultResilience,
  retries: 0,
  circuit: { ...defaultResilience.circuit, maxWaitMs: 1_000 },
};

async function afterTimers<Result>(promise: Promise<Result>): Promise<Result> {
  await vi.runAllTimersAsync();
  return promise;
}

describe('a resilient carrier', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('returns the result of the carrier', async () => {
    expect(await resilientCarrier(autoCarrier()).dispatch(request)).toEqual(
      await autoCarrier().dispatch(request),
    );
    expect(await resilientCarrier(manualCarrier).dispatch(request)).toEqual({ outcome: 'by-operator' });
  });

  it('retries while the carrier is unavailable', async () => {
    const dispatch = vi
      .fn<Carrier['dispatch']>()
      .mockResolvedValueOnce(unavailable)
      .mockImplementation(autoCarrier().dispatch);
    const carrier = resilientCarrier({ ...manualCarrier, dispatch });
    expect(await afterTimers(carrier.dispatch(request))).toMatchObject({ outcome: 'dispatched' });
    expect(carrier.counts.retries()).toBe(1);
  });

  it('returns unavailable after a timeout, and when the carrier throws', async () => {
    const silent = resilientCarrier({ ...manualCarrier, dispatch: () => new Promise(() => {}) }, resilience);
    expect(await afterTimers(silent.dispatch(request))).toEqual({
      outcome: 'unavailable',
      reason: 'no response from the carrier within 10000 ms',
    });
    const broken = resilientCarrier({
      ...manualCarrier,
      dispatch: () => Promise.reject(new Error('socket hang up')),
    });
    expect(await broken.dispatch(request)).toEqual({ outcome: 'unavailable', reason: 'socket hang up' });
  });

  it('does not call a carrier that keeps failing, and shows the open circuit in the metrics', async () => {
    const dispatch = vi.fn(async () => unavailable);
    const carrier = resilientCarrier({ ...manualCarrier, dispatch }, resilience);
    const registry = new Registry();
    resilienceMetrics(registry, { carrier: carrier.counts });
    for (const name of ['ann', 'bob', 'cid'])
      await carrier.dispatch({ ...request, customerId: customerId(name) });
    expect(await registry.metrics()).toMatch(/^orderstream_circuits\{party="carrier",state="open"\} 1$/m);
    expect(await afterTimers(carrier.dispatch(request))).toEqual({
      outcome: 'unavailable',
      reason: 'the carrier keeps failing: its circuit is open',
    });
    expect(dispatch).toHaveBeenCalledTimes(3);
    expect(await registry.metrics()).toMatch(/^orderstream_outside_retries_total\{party="carrier"\} 0$/m);
  });
});
