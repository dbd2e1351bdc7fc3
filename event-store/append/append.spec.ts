import { describe, expect, it, vi } from 'vitest';
import { parseEventStoreUrl } from '../../platform/config/event-store-url.ts';
import { AccessErrors } from '../connection/access.ts';
import { AppendOutcomeUnknown, EventStoreFull, EventStoreUnavailable } from '../errors.ts';
import { silent } from '../logger.ts';
import { appendWithRetries } from './append.ts';
import { type AttemptResult, diskFaultIn } from './attempt.ts';

const event = { id: 'e-1', type: 'UnitsCounted', data: '{}', metadata: '{}', bytes: 2 };

/** An append that fails once, over a connection that is closed while it waits to be tried again. */
async function closedAfter(neverSent: boolean): Promise<unknown> {
  const closing = new AbortController();
  const send = vi.fn(() => {
    setImmediate(() => closing.abort());
    return Promise.resolve({ kind: 'unanswered', neverSent, reason: 'cut' } as const);
  });
  return appendWithRetries('inventory-1', [event], 'no_stream', {
    attempt: send,
    positionOf: () => Promise.reject(new RangeError('nothing was written')),
    patienceMs: 60_000,
    backoff: { firstMs: 20_000, maxMs: 20_000 },
    access: new AccessErrors(parseEventStoreUrl('esdb://127.0.0.1:1?tls=false')),
    writeHealth: { failed: () => {} },
    logger: silent,
    signal: closing.signal,
  }).catch((error: unknown) => error);
}

describe('an append whose connection is closed between two attempts', () => {
  it('has an unknown outcome when it was sent', async () => {
    expect(await closedAfter(false)).toBeInstanceOf(AppendOutcomeUnknown);
  });

  it('has written nothing when it was not sent', async () => {
    expect(await closedAfter(true)).toBeInstanceOf(EventStoreUnavailable);
  });
});

describe('an append that fails because of the event store’s disk', () => {
  const sentence = (code: string) =>
    `Could not recognize The event log could not be written: the disk is full or rejects writes (${code}).`;

  const failedWith = async (...answers: AttemptResult[]) => {
    const reported = vi.fn();
    const failed: unknown = await appendWithRetries('inventory-1', [event], 'no_stream', {
      attempt: async () => answers.shift() ?? { kind: 'stream deleted' },
      positionOf: () => Promise.reject(new RangeError('nothing was written')),
      patienceMs: 60_000,
      backoff: { firstMs: 1, maxMs: 1 },
      access: new AccessErrors(parseEventStoreUrl('esdb://127.0.0.1:1?tls=false')),
      writeHealth: { failed: reported },
      logger: silent,
      signal: new AbortController().signal,
    }).catch((error: unknown) => error);
    return { failed, troubles: reported.mock.calls.flat() };
  };
  const always = (answer: AttemptResult): AttemptResult[] => Array.from({ length: 10_000 }, () => answer);

  it('recognises the fault by the error message of the node', () => {
    expect(diskFaultIn(new Error(sentence('SQLITE_FULL')))).toEqual({
      kind: 'disk',
      trouble: "the event store's disk is full",
      mayBeWritten: false,
    });
    expect(diskFaultIn(new Error(sentence('SQLITE_IOERR_WRITE')))).toMatchObject({
      trouble: "the event store's disk is full or rejects writes",
      mayBeWritten: true,
    });
    expect(diskFaultIn(new Error('14 UNAVAILABLE'))).toBeUndefined();
  });

  it('has written nothing when the disk is full, and fails after a second', async () => {
    const answers = always({ kind: 'disk', trouble: 'the disk is full', mayBeWritten: false });
    const startedAt = performance.now();
    const { failed, troubles } = await failedWith(...answers);

    expect(failed).toBeInstanceOf(EventStoreFull);
    expect(failed).toMatchObject({ message: 'the disk is full' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(troubles[0]).toBe('the disk is full');
  });

  it('has an unknown outcome when an earlier attempt was not answered, or the disk failed otherwise', async () => {
    const full: AttemptResult = { kind: 'disk', trouble: 'the disk is full', mayBeWritten: false };
    const unanswered: AttemptResult = { kind: 'unanswered', neverSent: false, reason: 'cut' };
    expect((await failedWith(unanswered, ...always(full))).failed).toBeInstanceOf(AppendOutcomeUnknown);
    const failing = always({ ...full, mayBeWritten: true });
    expect((await failedWith(...failing)).failed).toBeInstanceOf(AppendOutcomeUnknown);
  });
});
