import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import { simulatedPayments } from './simulated-payments.ts';

const order = orderId('o-1');
const ann = customerId('ann');
const amount = money(1_250, 'GBP');
const reason = 'cancelled by the customer';
const captured = { outcome: 'captured', reference: 'sim-o-1' };
const away = { outcome: 'unavailable', reason: '503 from the payment provider' };

describe('the simulated payment provider', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('captures with tok_ok, and gives the same answer when asked again', async () => {
    const payments = simulatedPayments();
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      captured,
    );
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      captured,
    );
  });

  it('gives the same reference after a restart', async () => {
    await simulatedPayments().capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' });
    expect(
      await simulatedPayments().capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' }),
    ).toEqual(captured);
  });

  it('declines with tok_declined', async () => {
    const answer = await simulatedPayments().capture({
      orderId: order,
      customerId: ann,
      amount,
      token: 'tok_declined',
    });
    expect(answer).toEqual({ outcome: 'declined', reason: 'card declined' });
  });

  it('declines a token that nobody issued, and names it', async () => {
    const answer = await simulatedPayments().capture({
      orderId: order,
      customerId: ann,
      amount,
      token: 'tok_gold',
    });
    expect(answer).toEqual({ outcome: 'declined', reason: 'unknown payment token' });
  });

  it('answers 503 twice with tok_flaky, for each order, then captures', async () => {
    const payments = simulatedPayments();
    const ask = (of: string) =>
      payments.capture({ orderId: orderId(of), customerId: ann, amount, token: 'tok_flaky' });
    expect([await ask('o-1'), await ask('o-1'), await ask('o-1')]).toEqual([away, away, captured]);
    expect(await ask('o-2')).toEqual(away);
  });

  it('takes two seconds with tok_slow', async () => {
    const answered = vi.fn();
    void simulatedPayments()
      .capture({ orderId: order, customerId: ann, amount, token: 'tok_slow' })
      .then(answered);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(answered).toHaveBeenCalledWith(captured);
  });

  it('is always away with tok_down, but says that nothing moved', async () => {
    const payments = simulatedPayments();
    for (let time = 0; time < 5; time += 1)
      expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_down' })).toEqual(
        away,
      );
    expect(await payments.settle({ orderId: order, customerId: ann, reason })).toEqual({
      outcome: 'nothing-moved',
    });
  });

  it('settles what was captured as captured', async () => {
    const payments = simulatedPayments();
    await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' });
    expect(await payments.settle({ orderId: order, customerId: ann, reason })).toEqual(captured);
  });

  it('moves nothing once it said that nothing moved, not even what was on its way', async () => {
    const payments = simulatedPayments();
    const onItsWay = payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_slow' });
    expect(await payments.settle({ orderId: order, customerId: ann, reason })).toEqual({
      outcome: 'nothing-moved',
    });
    const calledOff = { outcome: 'declined', reason: `called off: ${reason}` };
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      calledOff,
    );
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await onItsWay).toEqual(calledOff);
  });

  it('refunds with one reference, however often it is asked', async () => {
    const payments = simulatedPayments();
    const refunded = { outcome: 'refunded', reference: 'sim-refund-o-1' };
    expect(await payments.refund({ orderId: order, customerId: ann, amount, reason })).toEqual(refunded);
    expect(await payments.refund({ orderId: order, customerId: ann, amount, reason })).toEqual(refunded);
  });

  it('forgets the oldest orders beyond the number it remembers', async () => {
    const payments = simulatedPayments({ remembered: 1 });
    await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_declined' });
    await payments.capture({ orderId: orderId('o-2'), customerId: ann, amount, token: 'tok_ok' });
    expect(await payments.capture({ orderId: order, customerId: ann, amount, token: 'tok_ok' })).toEqual(
      captured,
    );
  });
});
