import { describe, expect, it } from 'vitest';
import { silent } from '../../../event-store/logger.ts';
import { createExternalCalls } from './external-calls.ts';

interface Call {
  readonly type: 'CapturePayment' | 'SettlePayment';
}

const capture: Call = { type: 'CapturePayment' };
const settle: Call = { type: 'SettlePayment' };
const cause = { id: 'an event' };
const timeoutOf = (id: string, attempt: number) => ({
  timeoutId: `${id}-${attempt}`,
  waitingFor: 'payment',
  attempt,
  dueAt: '2026-01-05T10:00:00.000Z',
});
const settled = () => new Promise(setImmediate);

/** Creates calls that run until the test ends them, with a log of the started calls. */
function externalCalls({ maxRunning = 1, maxWaiting = 10 } = {}) {
  const started: string[] = [];
  const signals: AbortSignal[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const calls = createExternalCalls<Call>({
    maxRunning,
    maxWaiting,
    lanesOf: () => [],
    logger: silent,
    make: ({ id, call, attempt }, signal) => {
      started.push(`${call.type} of ${id}, attempt ${attempt}`);
      signals.push(signal);
      return new Promise((resolve, reject) => {
        ends.push((error) => (error === undefined ? resolve() : reject(error)));
        signal.addEventListener('abort', () => resolve());
      });
    },
  });
  return {
    calls,
    started,
    signals,
    /** Requests the calls of the `attempt`-th timeout of an instance. */
    request: (id: string, { attempt = 1, needed = [capture] } = {}) =>
      calls.request(id, { calls: needed, timeout: timeoutOf(id, attempt) }, cause),
    /** Ends the call that was started as number `n`, from 0. */
    end: async (n: number, error?: Error) => {
      ends[n]?.(error);
      await settled();
    },
  };
}

describe('external calls', () => {
  it('start at once, in the background', () => {
    const { request, started } = externalCalls();
    request('o-1', { attempt: 2 });
    expect(started).toEqual(['CapturePayment of o-1, attempt 2']);
  });

  it('never run twice at once for one instance, but run again for its next timeout', async () => {
    const { request, started, end } = externalCalls({ maxRunning: 5 });
    request('o-1');
    request('o-1', { attempt: 2 });
    expect(started).toHaveLength(1);
    await end(0);
    request('o-1', { attempt: 3 });
    expect(started).toEqual(['CapturePayment of o-1, attempt 1', 'CapturePayment of o-1, attempt 3']);
  });

  it('are queued once per timeout and process, also after they have ended', async () => {
    const { request, started, end } = externalCalls({ maxRunning: 5 });
    request('o-1');
    await end(0);
    request('o-1');
    request('o-2');
    expect(started).toEqual(['CapturePayment of o-1, attempt 1', 'CapturePayment of o-2, attempt 1']);
  });

  it('are not made for an instance without a timeout, since nothing would repeat them', () => {
    const { calls, started } = externalCalls();
    calls.request('o-1', { calls: [capture], timeout: undefined }, cause);
    expect(started).toEqual([]);
  });

  it('wait in order of arrival when the maximum number of calls runs', async () => {
    const { request, started, end } = externalCalls({ maxRunning: 2 });
    for (const id of ['o-1', 'o-2', 'o-3', 'o-4']) request(id);
    expect(started).toEqual(['CapturePayment of o-1, attempt 1', 'CapturePayment of o-2, attempt 1']);
    await end(1);
    expect(started.slice(2)).toEqual(['CapturePayment of o-3, attempt 1']);
  });

  it('are left to their timeout when the maximum number of calls waits', async () => {
    const { calls, request, started, end } = externalCalls({ maxWaiting: 1 });
    for (const id of ['o-1', 'o-2', 'o-3']) request(id);
    expect(calls.counts()).toEqual({ running: 1, waiting: 1 });
    await end(0);
    await end(1);
    await calls.idle();
    expect(started).toEqual(['CapturePayment of o-1, attempt 1', 'CapturePayment of o-2, attempt 1']);
  });

  it('are removed from the queue when the instance no longer needs them', async () => {
    const { calls, request, started, end } = externalCalls();
    request('o-1');
    request('o-2');
    request('o-2', { attempt: 2, needed: [settle] });
    await end(0);
    await end(1);
    await calls.idle();
    expect(started).toEqual(['CapturePayment of o-1, attempt 1', 'SettlePayment of o-2, attempt 2']);
  });

  it('are removed from the queue when the instance has no timeout any more', async () => {
    const { calls, request, started, end } = externalCalls();
    request('o-1');
    request('o-2');
    calls.request('o-2', { calls: [], timeout: undefined }, cause);
    await end(0);
    await calls.idle();
    expect(started).toEqual(['CapturePayment of o-1, attempt 1']);
  });

  it('let the next call start when they fail', async () => {
    const { request, started, end } = externalCalls();
    request('o-1');
    request('o-2');
    await end(0, new Error('broken'));
    expect(started).toHaveLength(2);
  });

  it('are left to their timeout while the same call runs, or when the queue is full', async () => {
    const { request, started, end } = externalCalls({ maxWaiting: 1 });
    request('o-1');
    request('o-1', { attempt: 2 });
    request('o-2', { attempt: 3 });
    request('o-3', { attempt: 4 });
    await end(0);
    await end(1);
    expect(started).toEqual(['CapturePayment of o-1, attempt 1', 'CapturePayment of o-2, attempt 3']);
  });
});

describe('the end of the calls of an instance', () => {
  /** Returns whether all calls of an instance have ended. */
  async function hasEnded(calls: { ended(id: string): Promise<void> }, id: string): Promise<boolean> {
    let ended = false;
    void calls.ended(id).then(() => {
      ended = true;
    });
    await settled();
    return ended;
  }

  it('is reached at once when the instance has no calls', async () => {
    expect(await hasEnded(externalCalls().calls, 'o-1')).toBe(true);
  });

  it('is reached when its running call ends or fails', async () => {
    const { calls, request, end } = externalCalls();
    request('o-1');
    expect(await hasEnded(calls, 'o-1')).toBe(false);
    await end(0, new Error('broken'));
    expect(await hasEnded(calls, 'o-1')).toBe(true);
  });

  it('is not reached while one of its calls waits, and does not depend on other instances', async () => {
    const { calls, request, end } = externalCalls();
    request('o-1');
    request('o-2', { needed: [capture, settle] });
    await end(0);
    expect(await hasEnded(calls, 'o-1')).toBe(true);
    await end(1);
    expect(await hasEnded(calls, 'o-2')).toBe(false);
    await end(2);
    expect(await hasEnded(calls, 'o-2')).toBe(true);
  });

  it('is reached when its queued call is removed', async () => {
    const { calls, request } = externalCalls();
    request('o-1');
    request('o-2');
    calls.request('o-2', { calls: [], timeout: undefined }, cause);
    expect(await hasEnded(calls, 'o-2')).toBe(true);
  });
});

describe('stopping external calls', () => {
  it('lets running calls end, drops queued calls and accepts no new ones', async () => {
    const { calls, request, started, end } = externalCalls();
    request('o-1');
    request('o-2');
    const stopped = calls.stop(60_000);
    request('o-3');
    await end(0);
    await stopped;
    expect(started).toEqual(['CapturePayment of o-1, attempt 1']);
  });

  it('aborts calls that do not end within the grace period', async () => {
    const { calls, request, signals } = externalCalls();
    request('o-1');
    await calls.stop(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
