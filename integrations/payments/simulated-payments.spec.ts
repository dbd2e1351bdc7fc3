import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import { simulatedPayments } from './simulated-payments.ts';

const order = orderId('o-1');
const ann = customerId('ann');
const amount = money(1_250, 'GBP');
const reason = 'cancelled by the customer';
const captured = { outcome: 'captured', reference: 'sim-o-1' };
const unavailable = { outcome: 'unavailable', reason: '503 from the payment provider' };

/** A pause that ends when the test says so. */
function manualWait() {
  let end = () => {};
  const wait = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  return Object.assign(wait as typeof wait & ((ms: number) => Promise<void>), { end: () => end() });
}

describe('the simulated payment provider', () => {
  it('captures with tok_ok, and returns the same result for a repeated capture', async () => {
    const payments = simulatedPayments();
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      captured,
    );
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      captured,
    );
  });

  it('captures with the same reference after a restart', async () => {
    await simulatedPayments().capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' });
    expect(
      await simulatedPayments().capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' }),
    ).toEqual(captured);
  });

  it('declines with tok_declined', async () => {
    const result = await simulatedPayments().capture({
      orderId: order,
      customerId: ann,
      amount,
      token: 'tok_declined',
    });
    expect(result).toEqual({ outcome: 'declined', reason: 'card declined' });
  });

  it('declines an unknown token', async () => {
    const result = await simulatedPayments().capture({
      orderId: order,
      customerId: ann,
      amount,
      token: 'tok_gold',
    });
    expect(result).toEqual({ outcome: 'declined', reason: 'unknown payment token' });
  });

  it('is unavailable twice with tok_flaky, for each order, then captures', async () => {
    const payments = simulatedPayments();
    const ask = (of: string) =>
      payments.capture({ orderId: orderId(of), customerId: ann, amount, token: 'tok_flaky' });
    expect([await ask('o-1'), await ask('o-1'), await ask('o-1')]).toEqual([
      unavailable,
      unavailable,
      captured,
    ]);
    expect(await ask('o-2')).toEqual(unavailable);
  });

  it('takes two seconds with tok_slow', async () => {
    const wait = manualWait();
    const returned = vi.fn();
    const { signal } = new AbortController();
    const capturing = simulatedPayments({ wait })
      .capture({ orderId: order, customerId: ann, amount, token: 'tok_slow' }, signal)
      .then(returned);
    await nextTurn();
    expect(wait.mock.calls).toEqual([[2_000, signal]]);
    expect(returned).not.toHaveBeenCalled();
    wait.end();
    await capturing;
    expect(returned).toHaveBeenCalledWith(captured);
  });

  it('is always unavailable with tok_down, and settles the order as nothing moved', async () => {
    const payments = simulatedPayments();
    for (let time = 0; time < 5; time += 1)
      expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_down' })).toEqual(
        unavailable,
      );
    expect(await payments.settle({ orderId: order, customerId: ann, reason })).toEqual({
      outcome: 'nothing-moved',
    });
  });

  it('settles a captured order as captured', async () => {
    const payments = simulatedPayments();
    await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' });
    expect(await payments.settle({ orderId: order, customerId: ann, reason })).toEqual(captured);
  });

  it('declines every capture after it has settled an order as nothing moved, also one in flight', async () => {
    const wait = manualWait();
    const payments = simulatedPayments({ wait });
    const inFlight = payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_slow' });
    expect(await payments.settle({ orderId: order, customerId: ann, reason })).toEqual({
      outcome: 'nothing-moved',
    });
    const calledOff = { outcome: 'declined', reason: `called off: ${reason}` };
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      calledOff,
    );
    wait.end();
    expect(await inFlight).toEqual(calledOff);
  });

  it('returns the same reference for a repeated refund', async () => {
    const payments = simulatedPayments();
    const refunded = { outcome: 'refunded', reference: 'sim-refund-o-1' };
    expect(await payments.refund({ orderId: order, customerId: ann, amount, reason })).toEqual(refunded);
    expect(await payments.refund({ orderId: order, customerId: ann, amount, reason })).toEqual(refunded);
  });

  it('forgets the oldest orders beyond the maximum number of remembered orders', async () => {
    const payments = simulatedPayments({ remembered: 1 });
    await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_declined' });
    await payments.capture({ orderId: orderId('o-2'), customerId: ann, amount, token: 'tok_ok' });
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      captured,
    );
  });
});
