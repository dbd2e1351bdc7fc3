import { type Backoff, backoffMs, pause } from '../../platform/async/backoff.ts';
import type { EncodedEvent } from '../codec/codec.ts';
import { maxAppendBytes } from '../codec/event-size.ts';
import type { Position } from '../codec/recorded-event.ts';
import type { AccessErrors } from '../connection/access.ts';
import {
  AppendOutcomeUnknown,
  AppendTooLarge,
  EventStoreFull,
  EventStoreUnavailable,
  StreamDeleted,
  WrongRevision,
} from '../errors.ts';
import type { Appended, ExpectedRevision } from '../event-store.ts';
import type { Logger } from '../logger.ts';
import type { WriteHealth } from '../watch/write-health.ts';
import type { AttemptAppend } from './attempt.ts';

export interface AppendOptions {
  readonly attempt: AttemptAppend;
  /** Returns the position of a recorded event, for an answer without a position. */
  readonly positionOf: (stream: string, revision: bigint) => Promise<Position>;
  /** Milliseconds for which an append is retried; then it fails. */
  readonly patienceMs: number;
  readonly backoff: Backoff;
  /** Explains why an attempt was not answered. */
  readonly access: Pick<AccessErrors, 'causeOf' | 'denied'>;
  /** Receives errors of the server's disk. */
  readonly writeHealth: Pick<WriteHealth, 'failed'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Milliseconds for which an append is retried while the disk is full. */
const FULL_PATIENCE_MS = 1_000;

/**
 * Appends events, with retries. Every attempt has the same ids and the same expected revision: when an earlier attempt
 * was written after all, the server recognises the events and writes nothing.
 * Throws `WrongRevision`, `AppendTooLarge`, `StreamDeleted`, `EventStoreUnavailable`, `EventStoreAccessDenied` and
 * `EventStoreFull` (nothing was written), and `AppendOutcomeUnknown`.
 */
export async function appendWithRetries(
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
  options: AppendOptions,
): Promise<Appended> {
  // The server answers an append without events with revision 0; it reads -1 as the largest revision.
  if (events.length === 0) throw new RangeError('an append needs at least one event');
  if (typeof expected === 'bigint' && expected < 0n) throw new RangeError(`${expected} is no revision`);
  const bytes = events.reduce((total, event) => total + event.bytes, 0);
  if (bytes > maxAppendBytes) throw new AppendTooLarge(stream, bytes, maxAppendBytes);
  let giveUpAt = performance.now() + options.patienceMs;
  let mayBeWritten = false;
  const failure = (error: Error) => (mayBeWritten ? new AppendOutcomeUnknown(stream, error) : error);
  for (let attempt = 0; ; attempt++) {
    if (options.signal.aborted)
      throw failure(new EventStoreUnavailable('the connection to the event store is closed'));
    const result = await options.attempt(stream, events, expected);
    let error: Error;
    switch (result.kind) {
      case 'written': {
        const { revision, position } = result;
        const ids = events.map(({ id }) => id);
        return { ids, revision, position: position ?? (await options.positionOf(stream, revision)) };
      }
      case 'wrong revision':
        throw new WrongRevision(stream, expected, result.actual);
      case 'too large':
        throw new AppendTooLarge(stream, bytes, result.maxBytes);
      case 'stream deleted':
        throw new StreamDeleted(stream);
      case 'denied':
        throw failure(options.access.denied(result.isUnauthenticated));
      case 'disk':
        options.writeHealth.failed(result.trouble);
        mayBeWritten ||= result.mayBeWritten;
        error = new EventStoreFull(result.trouble);
        // A full disk rarely gets space within seconds, so fail early.
        giveUpAt = Math.min(giveUpAt, performance.now() + FULL_PATIENCE_MS);
        break;
      case 'unanswered': {
        const { neverSent, reason } = result;
        mayBeWritten ||= !neverSent;
        const denied = await options.access.causeOf(reason);
        if (denied !== undefined) throw failure(denied);
        error = new EventStoreUnavailable('the event store cannot be reached', { cause: reason });
        options.logger.warn('an append was not answered', { stream, attempt, error: reason });
      }
    }
    const waitMs = backoffMs(attempt, options.backoff);
    if (options.signal.aborted || performance.now() + waitMs > giveUpAt) throw failure(error);
    await pause(waitMs, options.signal);
  }
}
