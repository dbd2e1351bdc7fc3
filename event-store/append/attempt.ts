import {
  type EventStoreDBClient,
  jsonEvent,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type { EncodedEvent } from '../codec/codec.ts';
import type { Position } from '../codec/recorded-event.ts';
import type { AppendClients } from '../connection/append-clients.ts';
import { isDenied, isTimeout, isUnauthenticated, neverSent, Unanswered } from '../connection/failures.ts';
import type { ExpectedRevision } from '../event-store.ts';

/** The server rejected an append; nothing was written. */
export type AppendRejection =
  | { readonly kind: 'wrong revision'; readonly actual: bigint | undefined }
  | { readonly kind: 'too large'; readonly maxBytes: number }
  | { readonly kind: 'stream deleted' }
  | { readonly kind: 'denied'; readonly isUnauthenticated: boolean };

/** The server could not write. Unless the disk was full, a part may have been written. */
export interface DiskFault {
  readonly kind: 'disk';
  /** A sentence for an operator. */
  readonly trouble: string;
  readonly mayBeWritten: boolean;
}

/** The result of one attempt to append. Plain data, since another thread may have made the attempt. */
export type AttemptResult =
  | { readonly kind: 'written'; readonly revision: bigint; readonly position: Position | undefined }
  | AppendRejection
  | DiskFault
  /** The events may have been written, unless they were never sent. */
  | { readonly kind: 'unanswered'; readonly neverSent: boolean; readonly reason: string };

/** Attempts an append once. Never rejects. */
export type AttemptAppend = (
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
) => Promise<AttemptResult>;

export interface AttemptLimits {
  /** Milliseconds until an attempt counts as unanswered. */
  readonly answerWithinMs: number;
  /** Milliseconds until it counts as unanswered while the server answers no other append either. */
  readonly silentMs: number;
}

const utf8 = new TextEncoder();

/**
 * The client sends a deadline by its own clock, and the server rejects later appends. A client clock that is behind would
 * make every append late, so this deadline is far in the future. The server still gives up after its own limit of 2 s.
 */
const DEADLINE_MS = 365 * 24 * 3600 * 1000;

/**
 * Returns a function that attempts appends through the client, with a time limit of our own: the client's append stream has
 * none, and a stream that ends without an error leaves its appends unanswered. Replaces a client whose stream failed.
 */
export const attemptThrough =
  ({ source, renewAll }: AppendClients, { answerWithinMs, silentMs }: AttemptLimits): AttemptAppend =>
  async (stream, events, expected) => {
    const sentAt = performance.now();
    let client: EventStoreDBClient;
    try {
      client = source.current();
    } catch (error) {
      return { kind: 'unanswered', neverSent: true, reason: String(error) };
    }
    try {
      const answer = client.appendToStream(stream, events.map(messageOf), {
        expectedRevision: expected,
        deadline: DEADLINE_MS,
      });
      const { nextExpectedRevision, position } = await source
        .answerOf(client, answer, silentMs)
        .catch((error) => {
          // A server that answers other appends is only slow.
          const moreMs = answerWithinMs - silentMs;
          const isSlow = error instanceof Unanswered && moreMs > 0 && source.answeredSince(client, sentAt);
          if (!isSlow) throw error;
          return source.answerOf(client, answer, moreMs);
        });
      source.answered(client);
      return { kind: 'written', revision: nextExpectedRevision, position };
    } catch (error) {
      const result = rejectionIn(error) ?? diskFaultIn(error);
      if (result !== undefined) source.answered(client);
      else if (!isTimeout(error) || !source.answeredSince(client, sentAt)) renewAll(client);
      return result ?? { kind: 'unanswered', neverSent: neverSent(error), reason: String(error) };
    }
  };

const messageOf = ({ id, type, data, metadata }: EncodedEvent) =>
  jsonEvent({
    id,
    type,
    data: JSON.parse(data),
    // The client sends bytes as they are; it would encode an object as base64 on the way.
    metadata: utf8.encode(metadata),
  });

function rejectionIn(error: unknown): AppendRejection | undefined {
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error;
    return { kind: 'wrong revision', actual: typeof actualVersion === 'bigint' ? actualVersion : undefined };
  }
  if (error instanceof MaxAppendSizeExceededError)
    return { kind: 'too large', maxBytes: error.maxAppendSize };
  if (error instanceof StreamDeletedError) return { kind: 'stream deleted' };
  if (isDenied(error)) return { kind: 'denied', isUnauthenticated: isUnauthenticated(error) };
  return undefined;
}

/** Messages of the embedded node; EventStoreDB itself stops when its disk is full. */
const DISK_FAULT = /the disk is full or rejects writes \((SQLITE_\w+)\)/;

/** Returns the disk fault of the server that an error of the client reports. */
export function diskFaultIn(error: unknown): DiskFault | undefined {
  const match = DISK_FAULT.exec(error instanceof Error ? error.message : '');
  if (match === null) return undefined;
  const isFull = match[1] === 'SQLITE_FULL';
  const trouble = `the event store's disk is full${isFull ? '' : ' or rejects writes'}`;
  return { kind: 'disk', trouble, mayBeWritten: !isFull };
}
