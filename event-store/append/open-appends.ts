import type { EncodedEvent } from '../codec/codec.ts';
import type { Position } from '../codec/recorded-event.ts';
import type { AccessErrors } from '../connection/access.ts';
import { openAppendClients } from '../connection/append-clients.ts';
import { EventStoreUnavailable } from '../errors.ts';
import type { ExpectedRevision } from '../event-store.ts';
import type { Logger } from '../logger.ts';
import type { LogReads } from '../reading/log-reads.ts';
import { WriteHealth } from '../watch/write-health.ts';
import { appendWithRetries } from './append.ts';
import { AppendThread, type StartAppendThread } from './append-thread.ts';
import { type AttemptLimits, attemptThrough } from './attempt.ts';

/** Backoff between two attempts to append. */
const backoff = { firstMs: 20, maxMs: 1000 };

export interface AppendParts {
  readonly url: string;
  /** Starts the thread that makes the appends; when absent, the calling thread makes them. */
  readonly appendThread: StartAppendThread | undefined;
  readonly limits: AttemptLimits;
  /** Milliseconds for which an append is retried; then it fails. */
  readonly patienceMs: number;
  /** Finds the position of a recorded event, for an answer without a position. */
  readonly reads: LogReads;
  readonly access: AccessErrors;
  readonly logger: Logger;
  /** Receives warnings of unanswered appends. */
  readonly outages: Logger;
  readonly signal: AbortSignal;
}

/** Returns the appends of a connection. Nothing is opened before the first append, or `warmUp`. */
export function openAppends(parts: AppendParts) {
  const { patienceMs, reads, access, logger, outages, signal } = parts;
  const { attempt, warmUp, close } = openAttempts(parts);
  const writeHealth = new WriteHealth(attempt, logger, signal);
  const positionOf = async (stream: string, revision: bigint): Promise<Position> => {
    const position = (await reads.firstFrom(stream, revision))?.position ?? (await reads.head());
    if (position === undefined)
      throw new EventStoreUnavailable('the event store does not show what it has written');
    return position;
  };
  const options = { attempt, positionOf, patienceMs, backoff, access, writeHealth, logger: outages, signal };
  return {
    /** Appends encoded events, with retries: see `appendWithRetries`. */
    append: (stream: string, events: readonly EncodedEvent[], expected: ExpectedRevision) =>
      appendWithRetries(stream, events, expected, options),
    /** Loads the code for appends. Rejects when it cannot be loaded. */
    warmUp,
    /** Returns why appends fail, as a sentence; undefined while no failure is known. */
    trouble: () => writeHealth.trouble,
    close,
  };
}

function openAttempts({ url, appendThread, limits }: AppendParts) {
  if (appendThread !== undefined) {
    const thread = new AppendThread(() => appendThread({ url, ...limits }));
    return { attempt: thread.attempt, warmUp: () => thread.warmUp(), close: () => thread.close() };
  }
  const clients = openAppendClients(url);
  return {
    attempt: attemptThrough(clients, limits),
    warmUp: async () => {},
    close: async () => clients.release(),
  };
}
