import {
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type { EncodedEvent } from '../codec/codec.ts';
import type { Position } from '../codec/recorded-event.ts';
import { AppendTooLarge, StreamDeleted, WrongRevision } from '../errors.ts';
import type { ExpectedRevision } from '../event-store.ts';
import { isDenied, isUnauthenticated } from './failures.ts';

/** The server's final word on an append that it refused. */
export type FinalWord =
  | { readonly kind: 'wrong revision'; readonly actual: bigint | undefined }
  | { readonly kind: 'too large'; readonly maxBytes: number }
  | { readonly kind: 'stream gone' }
  | { readonly kind: 'denied'; readonly isUnauthenticated: boolean };

/** The server could not write. Unless the disk was full, a part may have been written. */
export interface DiskFault {
  readonly kind: 'disk';
  /** A sentence for an operator. */
  readonly trouble: string;
  readonly mayBeWritten: boolean;
}

/** What came of one try of an append. Plain data, for the try may have been made by another thread. */
export type Tried =
  | { readonly kind: 'written'; readonly revision: bigint; readonly position: Position | undefined }
  | FinalWord
  | DiskFault
  /** Whether it was written is open, unless nothing of it ever left the process. */
  | { readonly kind: 'unanswered'; readonly neverSent: boolean; readonly reason: string };

export interface AppendLimits {
  /** Milliseconds until an attempt counts as unanswered. */
  readonly answerWithinMs: number;
  /** The same while the server answers no other append either. */
  readonly silentMs: number;
}

/** One try of an append. Never rejects. */
export type SendAppend = (
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
) => Promise<Tried>;

/** What an error of the client's says finally; undefined when nothing is known. */
export function finalWordIn(error: unknown): FinalWord | undefined {
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error;
    return { kind: 'wrong revision', actual: typeof actualVersion === 'bigint' ? actualVersion : undefined };
  }
  if (error instanceof MaxAppendSizeExceededError)
    return { kind: 'too large', maxBytes: error.maxAppendSize };
  if (error instanceof StreamDeletedError) return { kind: 'stream gone' };
  if (isDenied(error)) return { kind: 'denied', isUnauthenticated: isUnauthenticated(error) };
  return undefined;
}

/** Messages of the embedded node; EventStoreDB itself stops when its disk is full. */
const DISK_FAULT = /(the disk is full) or rejects writes \((SQLITE_\w+)\)/;

/** Extracts the disk error of the server from an error of the client. */
export function diskFaultIn(error: unknown): DiskFault | undefined {
  const match = DISK_FAULT.exec(error instanceof Error ? error.message : '');
  if (match === null) return undefined;
  const isFull = match[2] === 'SQLITE_FULL';
  const trouble = `the event store's disk is full${isFull ? '' : ', or does not take what is written'}`;
  return { kind: 'disk', trouble, mayBeWritten: !isFull };
}

/** A refusal as an error of ours. */
export function refusal(
  word: Exclude<FinalWord, { kind: 'denied' }>,
  append: { readonly stream: string; readonly expected: ExpectedRevision; readonly bytes: number },
): Error {
  switch (word.kind) {
    case 'wrong revision':
      return new WrongRevision(append.stream, append.expected, word.actual);
    case 'too large':
      return new AppendTooLarge(append.stream, append.bytes, word.maxBytes);
    case 'stream gone':
      return new StreamDeleted(append.stream);
  }
}
