import {
  AccessDeniedError,
  DeadlineExceededError,
  StreamDeletedError,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';

/** No answer within our own time limit. The client has none for appends and reads. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(withinMs: number) {
    super(`no answer within ${withinMs} ms`);
  }
}

/** The client was replaced during the call; retry with the new one. */
export class Replaced extends Error {
  override readonly name = 'Replaced';

  constructor() {
    super('the connection was replaced');
  }
}

/** Returns whether the call was never sent, because there was no connection. */
export const neverSent = (error: unknown): boolean =>
  error instanceof Error &&
  /No connection established|Name resolution failed|Failed to discover/.test(error.message);

/** Returns whether a call had no answer in time, by our clock or by the server's. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Unanswered || error instanceof DeadlineExceededError;

export const isMissingStream = (error: unknown): boolean => error instanceof StreamNotFoundError;
export const isGoneStream = (error: unknown): boolean => error instanceof StreamDeletedError;
export const isDenied = (error: unknown): boolean =>
  error instanceof AccessDeniedError || codeOf(error) === status.PERMISSION_DENIED;
/** The server rejects missing or wrong credentials. */
export const isUnauthenticated = (error: unknown): boolean => codeOf(error) === status.UNAUTHENTICATED;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
