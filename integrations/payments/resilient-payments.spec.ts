import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import { defaultResilience } from '../resilience/resilient-calls.ts';
import type { CaptureResult, PaymentProvider } from './payment-provider.ts';
import { resilientPayments } from './resilient-payments.ts';
import { simulatedPayments } from './simulated-payments.ts';

const ann = customerId('ann');
const request = { orderId: orderId('o-1'), customerId: ann, amount: money(1_250, 'GBP'), token: 'tok_ok' };
const unavailable: CaptureResult = { outcome: 'unavailable', reason: '503' };
const captured: CaptureResult = { outcome: 'captured', reference: 'r-1' };

/** Returns the simulated provider with another `capture`. */
function providerWith(capture: PaymentProvider['capture']): PaymentProvider {
  return { ...simulatedPayments(), capture };
}

/** Runs all timers that a promise waits for. */
async function afterTimers<Result>(promise: Promise<Result>): Promise<Result> {
  const ended = promise.finally(() => undefined);
  await vi.runAllTimersAsync();
  return ended;
}

describe('resilient payments', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('retries while the provider is unavailable, and returns its result', async () => {
    const payments = resilientPayments(simulatedPayments());
    const result = await afterTimers(payments.capture({ ...request, token: 'tok_flaky' }));
    expect(result).toEqual({ outcome: 'captured', reference: 'sim-o-1' });
  });

  it('returns unavailable after the last retry', async () => {
    const capture = vi.fn(async () => unavailable);
    const payments = resilientPayments(providerWith(capture), { ...defaultResilience, retries: 2 });
    expect(await afterTimers(payments.capture(request))).toEqual(unavailable);
    expect(capture).toHaveBeenCalledTimes(3);
  });

  it('does not retry a declined capture', async () => {
    const capture = vi.fn(async (): Promise<CaptureResult> => ({ outcome: 'declined', reason: 'no' }));
    expect(await afterTimers(resilientPayments(providerWith(capture)).capture(request))).toMatchObject({
      outcome: 'declined',
    });
    expect(capture).toHaveBeenCalledTimes(1);
  });

  it('returns unknown after a timeout, aborts the call and does not retry it', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const capture = vi.fn((_: unknown, signal?: AbortSignal) => {
      signals.push(signal);
      return new Promise<CaptureResult>(() => undefined);
    });
    const payments = resilientPayments(providerWith(capture), { ...defaultResilience, timeoutMs: 3_000 });
    expect(await afterTimers(payments.capture(request))).toEqual({
      outcome: 'unknown',
      reason: 'no response from the payment provider within 3000 ms',
    });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('returns unknown when the provider throws', async () => {
    const payments = resilientPayments(providerWith(() => Promise.reject(new Error('socket hang up'))));
    expect(await afterTimers(payments.capture(request))).toEqual({
      outcome: 'unknown',
      reason: 'socket hang up',
    });
  });

  describe('with a circuit', () => {
    const resilience = { ...defaultResilience, retries: 0 };
    const open = {
      outcome: 'unavailable',
      reason: 'the payment provider keeps failing: its circuit is open',
    };
    const others = ['bob', 'cid', 'dee'].map((name) => ({
      ...request,
      customerId: customerId(name),
      token: `card of ${name}`,
    }));

    it('delays calls while the provider is down, and makes them as soon as it is available', async () => {
      const capture = vi.fn(async (): Promise<CaptureResult> => unavailable);
      const payments = resilientPayments(providerWith(capture), resilience);
      for (const other of others) await payments.capture(other);
      const waiting = payments.capture(request);
      await vi.advanceTimersByTimeAsync(1_999);
      expect(capture).toHaveBeenCalledTimes(3);
      capture.mockImplementation(async () => captured);
      await vi.advanceTimersByTimeAsync(1);
      expect(await waiting).toEqual(captured);
    });

    it('returns unavailable for a call that the circuit has delayed for too long', async () => {
      const circuit = { ...resilience.circuit, openMs: 60_000 };
      const payments = resilientPayments(
        providerWith(async () => unavailable),
        { ...resilience, circuit },
      );
      for (const other of others) await payments.capture(other);
      expect(await afterTimers(payments.capture(request))).toEqual(open);
    });

    it('does not delay settle calls while the circuit of captures is open', async () => {
      const payments = resilientPayments(
        providerWith(async () => unavailable),
        resilience,
      );
      for (const other of others) await payments.capture(other);
      const settled = await payments.settle({ ...request, reason: 'too late' });
      expect(settled).toEqual({ outcome: 'nothing-moved' });
    });

    it('does not count a call that its caller aborted', async () => {
      const payments = resilientPayments(
        providerWith(() => new Promise(() => {})),
        resilience,
      );
      const calls = others.map((other) => payments.capture(other, AbortSignal.abort()));
      await afterTimers(Promise.all(calls));
      expect(payments.counts.circuits()).toEqual({ closed: 1, open: 0, 'half-open': 0 });
    });

    it('captures ten concurrent orders with tok_flaky, each at its third attempt', async () => {
      const payments = resilientPayments(simulatedPayments());
      const calls = Array.from({ length: 10 }, (_, n) =>
        payments.capture({ ...request, orderId: orderId(`o-${n}`), token: 'tok_flaky' }),
      );
      expect(await afterTimers(Promise.all(calls))).toEqual(
        Array.from({ length: 10 }, (_, n) => ({ outcome: 'captured', reference: `sim-o-${n}` })),
      );
    });

    it('captures ten orders with tok_ok and ten with tok_flaky beside fifty of one customer with tok_down', async () => {
      const payments = resilientPayments(simulatedPayments());
      const asking = (count: number, token: string, nameOf: (n: number) => string) =>
        Array.from({ length: count }, (_, n) =>
          payments.capture({
            ...request,
            orderId: orderId(`${token}-${n}`),
            customerId: customerId(nameOf(n)),
            token,
          }),
        );
      const down = asking(50, 'tok_down', () => 'mallory');
      const good = [
        ...asking(10, 'tok_ok', (n) => `customer-${n}`),
        ...asking(10, 'tok_flaky', (n) => `customer-${10 + n}`),
      ];
      const results = await afterTimers(Promise.all(good));
      expect(results.map(({ outcome }) => outcome)).toEqual(Array(20).fill('captured'));
      expect(new Set((await Promise.all(down)).map(({ outcome }) => outcome))).toEqual(
        new Set(['unavailable']),
      );
      expect(payments.counts.circuits()).toMatchObject({ open: 0 });
    });
  });
});
