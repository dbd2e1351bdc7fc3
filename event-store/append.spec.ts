import { describe, expect, it, vi } from 'vitest';
import { parseEventStoreUrl } from '../platform/event-store-url.ts';
import { appendUntilAnswered } from './append.ts';
import { AppendOutcomeUnknown, EventStoreAway } from './errors.ts';
import { silent } from './logger.ts';
import { Refusals } from './refusals.ts';

const event = { id: 'e-1', type: 'StockReceived', data: '{}', metadata: '{}', bytes: 2 };

/** An append that fails once, over a connection that is closed while it waits to be tried again. */
async function closedAfter(neverSent: boolean): Promise<unknown> {
  const closing = new AbortController();
  const send = vi.fn(() => {
    setImmediate(() => closing.abort());
    return Promise.resolve({ kind: 'unanswered', neverSent, reason: 'cut' } as const);
  });
  return appendUntilAnswered('inventory-1', [event], 'no_stream', {
    send,
    positionOf: () => Promise.reject(new RangeError('nothing was written')),
    patienceMs: 60_000,
    backoff: { firstMs: 20_000, maxMs: 20_000 },
    refusals: new Refusals(parseEventStoreUrl('esdb://127.0.0.1:1?tls=false')),
    logger: silent,
    signal: closing.signal,
  }).catch((error: unknown) => error);
}

describe('an append whose connection is closed while it waits', () => {
  it('is of unknown outcome when it was sent', async () => {
    expect(await closedAfter(false)).toBeInstanceOf(AppendOutcomeUnknown);
  });

  it('was not done when nothing was sent', async () => {
    expect(await closedAfter(true)).toBeInstanceOf(EventStoreAway);
  });
});
