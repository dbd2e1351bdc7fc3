import { type Backoff, backoffMs, pause } from '../../platform/async/backoff.ts';
import type { EncodedEvent } from '../codec/codec.ts';
import type { Position } from '../codec/recorded-event.ts';
import type { Refusals } from '../connection/access.ts';
import { refusal, type SendAppend } from '../connection/tried.ts';
import { AppendOutcomeUnknown, AppendTooLarge, EventStoreFull, EventStoreUnavailable } from '../errors.ts';
import type { Appended, ExpectedRevision } from '../event-store.ts';
import type { Logger } from '../logger.ts';
import type { WriteHealth } from '../watch/write-health.ts';
import { maxAppendBytes } from './append-size.ts';

export interface AppendOptions {
  readonly send: SendAppend;
  /** Position of an event that is known to stand in the stream, for an answer that came without one. */
  readonly positionOf: (stream: string, revision: bigint) => Promise<Position>;
  /** How long an append is tried again before its outcome is given up as unknown, in ms. */
  readonly patienceMs: number;
  readonly backoff: Backoff;
  /** Finds out whether an unanswered call was refused. */
  readonly refusals: Pick<Refusals, 'behind' | 'denied'>;
  /** Receives errors of the server's disk. */
  readonly writeHealth: Pick<WriteHealth, 'refused'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Milliseconds for which an append is retried while the disk is full. */
const FULL_PATIENCE_MS = 1_000;

/**
 * Appends until there is a final word. Every try carries the same ids and the same expected revision: when an earlier one
 * was written after all, the server recognises the events and writes nothing.
 * Throws `WrongRevision`, `AppendTooLarge`, `StreamDeleted`, `EventStoreUnavailable`, `EventStoreAccessDenied` and `EventStoreFull`
 * (nothing was written), `AppendOutcomeUnknown`.
 */
export async function appendUntilAnswered(
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
  options: AppendOptions,
): Promise<Appended> {
  // An empty append answers with revision 0, whatever is there; -1 would read as the largest revision.
  if (events.length === 0) throw new RangeError('an append without events');
  if (typeof expected === 'bigint' && expected < 0n) throw new RangeError(`${expected} is no revision`);
  const bytes = events.reduce((total, event) => total + event.bytes, 0);
  if (bytes > maxAppendBytes) throw new AppendTooLarge(stream, bytes, maxAppendBytes);
  let giveUpAt = performance.now() + options.patienceMs;
  let mayBeWritten = false;
  for (let attempt = 0; ; attempt++) {
    if (options.signal.aborted) {
      const closed = new EventStoreUnavailable('the connection to the event store is closed');
      throw mayBeWritten ? new AppendOutcomeUnknown(stream, closed) : closed;
    }
    const tried = await options.send(stream, events, expected);
    if (tried.kind === 'written') {
      const { revision, position } = tried;
      const ids = events.map(({ id }) => id);
      return { ids, revision, position: position ?? (await options.positionOf(stream, revision)) };
    }
    if (tried.kind === 'denied') {
      const denied = options.refusals.denied(tried.isUnauthenticated);
      throw mayBeWritten ? new AppendOutcomeUnknown(stream, denied) : denied;
    }
    let failed: Error;
    if (tried.kind === 'disk') {
      options.writeHealth.refused(tried.trouble);
      mayBeWritten ||= tried.mayBeWritten;
      failed = new EventStoreFull(tried.trouble);
      // A full disk rarely gets space within seconds, so fail early.
      giveUpAt = Math.min(giveUpAt, performance.now() + FULL_PATIENCE_MS);
    } else if (tried.kind === 'unanswered') {
      const { neverSent, reason } = tried;
      mayBeWritten ||= !neverSent;
      const refused = await options.refusals.behind(reason);
      if (refused !== undefined) throw mayBeWritten ? new AppendOutcomeUnknown(stream, refused) : refused;
      failed = new EventStoreUnavailable('the event store cannot be reached', { cause: reason });
      options.logger.warn('an append was not answered', { stream, attempt, error: reason });
    } else throw refusal(tried, { stream, expected, bytes });
    const waitMs = backoffMs(attempt, options.backoff);
    if (options.signal.aborted || performance.now() + waitMs > giveUpAt) {
      throw mayBeWritten ? new AppendOutcomeUnknown(stream, failed) : failed;
    }
    await pause(waitMs, options.signal);
  }
}
