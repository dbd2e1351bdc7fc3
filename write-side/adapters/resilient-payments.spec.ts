import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { orderId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import type { CaptureAnswer, PaymentProvider } from './payment-provider.ts';
import { defaultResilience, resilientPayments } from './resilient-payments.ts';
import { simulatedPayments } from './simulated-payments.ts';

const request = { orderId: orderId('o-1'), amount: money(1_250, 'GBP'), token: 'tok_ok' };
const away: CaptureAnswer = { outcome: 'unavailable', reason: '503' };
const captured: CaptureAnswer = { outcome: 'captured', reference: 'r-1' };

/** A provider whose captures answer as told; the rest is the simulated one's. */
function providerWith(capture: PaymentProvider['capture']): PaymentProvider {
  return { ...simulatedPayments(), capture };
}

/** Runs all timers that a promise waits for. */
async function inTime<Result>(promise: Promise<Result>): Promise<Result> {
  const ended = promise.finally(() => undefined);
  await vi.runAllTimersAsync();
  return ended;
}

describe('resilient payments', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tries again while the provider is away, and gives its answer', async () => {
    const payments = resilientPayments(simulatedPayments());
    const answer = await inTime(payments.capture({ ...request, token: 'tok_flaky' }));
    expect(answer).toEqual({ outcome: 'captured', reference: 'sim-o-1' });
  });

  it('says that the provider is away after the last try', async () => {
    const capture = vi.fn(async () => away);
    const payments = resilientPayments(providerWith(capture), { ...defaultResilience, retries: 2 });
    expect(await inTime(payments.capture(request))).toEqual(away);
    expect(capture).toHaveBeenCalledTimes(3);
  });

  it('does not try again what was decided', async () => {
    const capture = vi.fn(async (): Promise<CaptureAnswer> => ({ outcome: 'declined', reason: 'no' }));
    expect(await inTime(resilientPayments(providerWith(capture)).capture(request))).toMatchObject({
      outcome: 'declined',
    });
    expect(capture).toHaveBeenCalledTimes(1);
  });

  it('takes silence for an unknown outcome, ends the waiting and does not ask again', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const capture = vi.fn((_: unknown, signal?: AbortSignal) => {
      signals.push(signal);
      return new Promise<CaptureAnswer>(() => undefined);
    });
    const payments = resilientPayments(providerWith(capture), { ...defaultResilience, timeoutMs: 3_000 });
    expect(await inTime(payments.capture(request))).toEqual({
      outcome: 'unknown',
      reason: 'no answer from the payment provider within 3000 ms',
    });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('takes what a provider throws for an unknown outcome', async () => {
    const payments = resilientPayments(providerWith(() => Promise.reject(new Error('socket hang up'))));
    expect(await inTime(payments.capture(request))).toEqual({ outcome: 'unknown', reason: 'socket hang up' });
  });

  describe('with a circuit', () => {
    const resilience = {
      ...defaultResilience,
      retries: 0,
      circuit: { threshold: 0.5, windowMs: 1_000, callsPerSecond: 5, openMs: 5_000 },
    };
    const open = {
      outcome: 'unavailable',
      reason: 'the payment provider keeps failing: its circuit is open',
    };

    it('keeps calls back while the provider keeps failing, and lets one try later', async () => {
      const capture = vi.fn(async (): Promise<CaptureAnswer> => away);
      const payments = resilientPayments(providerWith(capture), resilience);
      for (let time = 0; time < 5; time += 1) await payments.capture(request);
      expect(await payments.capture(request)).toEqual(open);
      expect(capture).toHaveBeenCalledTimes(5);

      capture.mockImplementation(async () => captured);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await payments.capture(request)).toEqual(captured);
      expect(await payments.capture(request)).toEqual(captured);
    });

    it('leaves enquiries alone', async () => {
      const payments = resilientPayments(
        providerWith(async () => away),
        resilience,
      );
      for (let time = 0; time < 6; time += 1) await payments.capture(request);
      const settled = await payments.settle({ orderId: request.orderId, reason: 'too late' });
      expect(settled).toEqual({ outcome: 'nothing-moved' });
    });

    it('leaves other issuers alone, where they stand on their own', async () => {
      const payments = resilientPayments(simulatedPayments(), resilience, (token) => token);
      for (let time = 0; time < 5; time += 1) await payments.capture({ ...request, token: 'tok_down' });
      expect(await payments.capture({ ...request, token: 'tok_down' })).toEqual(open);
      expect(await payments.capture(request)).toEqual({ outcome: 'captured', reference: 'sim-o-1' });
    });
  });
});
