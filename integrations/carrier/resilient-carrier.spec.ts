import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { defaultResilience } from '../resilience/guard.ts';
import { guardMetrics } from '../resilience/guard-metrics.ts';
import { autoCarrier, type Carrier, type DispatchAnswer, manualCarrier } from './carrier.ts';
import { resilientCarrier } from './resilient-carrier.ts';

const request = { orderId: orderId('o-1'), customerId: customerId('ann') };
const away: DispatchAnswer = { outcome: 'unavailable', reason: '503' };
const resilience = {
  ...defaultResilience,
  retries: 0,
  circuit: { ...defaultResilience.circuit, holdMs: 1_000 },
};

async function inTime<Result>(promise: Promise<Result>): Promise<Result> {
  await vi.runAllTimersAsync();
  return promise;
}

describe('a resilient carrier', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('answers what the carrier answers', async () => {
    expect(await resilientCarrier(autoCarrier()).dispatch(request)).toEqual(
      await autoCarrier().dispatch(request),
    );
    expect(await resilientCarrier(manualCarrier).dispatch(request)).toEqual({ outcome: 'by-operator' });
  });

  it('tries again while the carrier is away', async () => {
    const dispatch = vi
      .fn<Carrier['dispatch']>()
      .mockResolvedValueOnce(away)
      .mockImplementation(autoCarrier().dispatch);
    const carrier = resilientCarrier({ ...manualCarrier, dispatch });
    expect(await inTime(carrier.dispatch(request))).toMatchObject({ outcome: 'dispatched' });
    expect(carrier.guard.retries()).toBe(1);
  });

  it('takes silence, and what is thrown, for away', async () => {
    const silent = resilientCarrier({ ...manualCarrier, dispatch: () => new Promise(() => {}) }, resilience);
    expect(await inTime(silent.dispatch(request))).toEqual({
      outcome: 'unavailable',
      reason: 'no answer from the carrier within 10000 ms',
    });
    const broken = resilientCarrier({
      ...manualCarrier,
      dispatch: () => Promise.reject(new Error('socket hang up')),
    });
    expect(await broken.dispatch(request)).toEqual({ outcome: 'unavailable', reason: 'socket hang up' });
  });

  it('is left alone while it keeps failing, which the metrics show', async () => {
    const dispatch = vi.fn(async () => away);
    const carrier = resilientCarrier({ ...manualCarrier, dispatch }, resilience);
    const registry = new Registry();
    guardMetrics(registry, { carrier: carrier.guard });
    for (const name of ['ann', 'bob', 'cid'])
      await carrier.dispatch({ ...request, customerId: customerId(name) });
    expect(await registry.metrics()).toMatch(/^orderstream_circuits\{party="carrier",state="open"\} 1$/m);
    expect(await inTime(carrier.dispatch(request))).toEqual({
      outcome: 'unavailable',
      reason: 'the carrier keeps failing: its circuit is open',
    });
    expect(dispatch).toHaveBeenCalledTimes(3);
    expect(await registry.metrics()).toMatch(/^orderstream_outside_retries_total\{party="carrier"\} 0$/m);
  });
});
