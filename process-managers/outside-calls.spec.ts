import { describe, expect, it } from 'vitest';
import type { OutsideCall } from '../domain/fulfilment/steps.ts';
import { customerId, orderId } from '../domain/kernel/ids.ts';
import { money } from '../domain/kernel/money.ts';
import { silent } from '../event-store/logger.ts';
import { outsideCalls } from './outside-calls.ts';
import type { OrderInHand } from './steps.ts';

const capture: OutsideCall = { call: 'capture-payment', amount: money(100, 'GBP'), paymentToken: 'tok_ok' };
const settle: OutsideCall = { call: 'settle-payment', reason: 'cancelled' };
const cause = { id: 'an event' };
const order = (id: string): OrderInHand => ({
  orderId: orderId(id),
  customerId: customerId('ann'),
  orderPosition: '10423',
});

/** Calls that end when told to, with a log of what was started. */
function calls({ atOnce = 1, waiting = 10 } = {}) {
  const started: string[] = [];
  const signals: AbortSignal[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const outside = outsideCalls({
    atOnce,
    waiting,
    logger: silent,
    make: (of, { call }, _, signal) => {
      started.push(`${call} of ${of.orderId}`);
      signals.push(signal);
      return new Promise((resolve, reject) => {
        ends.push((error) => (error === undefined ? resolve() : reject(error)));
        signal.addEventListener('abort', () => resolve());
      });
    },
  });
  const settled = () => new Promise(setImmediate);
  return {
    outside,
    started,
    signals,
    /** Ends the n-th call that was started. */
    end: async (n: number, error?: Error) => {
      ends[n]?.(error);
      await settled();
    },
  };
}

describe('external calls', () => {
  it('start at once, in the background', () => {
    const { outside, started } = calls();
    outside.want(order('o-1'), [capture], cause, 1);
    expect(started).toEqual(['capture-payment of o-1']);
  });

  it('never run twice at once for the same order, but again when asked for later', async () => {
    const { outside, started, end } = calls({ atOnce: 5 });
    outside.want(order('o-1'), [capture], cause, 1);
    outside.want(order('o-1'), [capture], cause, 1);
    expect(started).toHaveLength(1);
    await end(0);
    outside.want(order('o-1'), [capture], cause, 1);
    expect(started).toHaveLength(2);
  });

  it('beyond the bound wait for their turn, first come, first served', async () => {
    const { outside, started, end } = calls({ atOnce: 2 });
    for (const id of ['o-1', 'o-2', 'o-3', 'o-4']) outside.want(order(id), [capture], cause, 1);
    expect(started).toEqual(['capture-payment of o-1', 'capture-payment of o-2']);
    await end(1);
    expect(started.slice(2)).toEqual(['capture-payment of o-3']);
  });

  it('beyond the room to wait are left to their deadline', async () => {
    const { outside, started, end } = calls({ waiting: 1 });
    for (const id of ['o-1', 'o-2', 'o-3']) outside.want(order(id), [capture], cause, 1);
    await end(0);
    await end(1);
    await outside.idle();
    expect(started).toEqual(['capture-payment of o-1', 'capture-payment of o-2']);
  });

  it('that still wait are forgotten when they are wanted no more', async () => {
    const { outside, started, end } = calls();
    outside.want(order('o-1'), [capture], cause, 1);
    outside.want(order('o-2'), [capture], cause, 1);
    outside.want(order('o-2'), [settle], cause, 1);
    await end(0);
    await end(1);
    await outside.idle();
    expect(started).toEqual(['capture-payment of o-1', 'settle-payment of o-2']);
  });

  it('that fail do not keep others from their turn', async () => {
    const { outside, started, end } = calls();
    outside.want(order('o-1'), [capture], cause, 1);
    outside.want(order('o-2'), [capture], cause, 1);
    await end(0, new Error('broken'));
    expect(started).toHaveLength(2);
  });

  it('are left to their deadline when they are running, or when the queue is full', async () => {
    const { outside, started, end } = calls({ waiting: 1 });
    outside.want(order('o-1'), [capture], cause, 1);
    outside.want(order('o-1'), [capture], cause, 2);
    outside.want(order('o-2'), [capture], cause, 3);
    outside.want(order('o-3'), [capture], cause, 4);
    await end(0);
    await end(1);
    expect(started).toEqual(['capture-payment of o-1', 'capture-payment of o-2']);
  });

  it('on a stop: what runs ends, what waits is forgotten, what comes is not taken', async () => {
    const { outside, started, end } = calls();
    outside.want(order('o-1'), [capture], cause, 1);
    outside.want(order('o-2'), [capture], cause, 1);
    const stopped = outside.stop(60_000);
    outside.want(order('o-3'), [capture], cause, 1);
    await end(0);
    await stopped;
    expect(started).toEqual(['capture-payment of o-1']);
  });

  it('that do not end within the grace of a stop are aborted', async () => {
    const { outside, signals } = calls();
    outside.want(order('o-1'), [capture], cause, 1);
    await outside.stop(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
