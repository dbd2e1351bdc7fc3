import {
  AccessDeniedError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { AppendTooLarge, EventStoreAway, StreamGone, WrongRevision } from './errors.ts';
import type { ExpectedRevision } from './event-store.ts';

/** No answer within our own time: the client has none for appends and reads. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(withinMs: number) {
    super(`no answer within ${withinMs} ms`);
  }
}

/** The server's final word on an append as an error of ours; undefined when nothing is known. */
export function finalWord(
  error: unknown,
  append: { readonly stream: string; readonly expected: ExpectedRevision; readonly bytes: number },
): Error | undefined {
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error;
    return new WrongRevision(
      append.stream,
      append.expected,
      typeof actualVersion === 'bigint' ? actualVersion : undefined,
    );
  }
  if (error instanceof MaxAppendSizeExceededError) {
    return new AppendTooLarge(append.stream, append.bytes, error.maxAppendSize);
  }
  if (error instanceof StreamDeletedError) return new StreamGone(append.stream);
  if (error instanceof AccessDeniedError) {
    return new EventStoreAway('the event store denies access', { cause: error });
  }
  return undefined;
}

/** Nothing of it left this process: the connection was never made. */
export const neverSent = (error: unknown): boolean =>
  error instanceof Error && /No connection established|Name resolution failed/.test(error.message);

/** No word within the time given, by our clock or by the server's. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Unanswered || error instanceof DeadlineExceededError;

export const isMissingStream = (error: unknown): boolean => error instanceof StreamNotFoundError;
export const isGoneStream = (error: unknown): boolean => error instanceof StreamDeletedError;
export const isDenied = (error: unknown): boolean => error instanceof AccessDeniedError;
