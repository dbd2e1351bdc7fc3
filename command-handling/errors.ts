import { DomainError } from '../domain/kernel/domain-error.ts';
import type { Revisions } from './command-handler.ts';

/** `If-Match` does not name the current revision of the stream. Nothing was done. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision';
  readonly stream: string;
  /** Undefined while the stream does not exist. */
  readonly actual: bigint | undefined;
  readonly expected: Revisions;

  constructor(stream: string, actual: bigint | undefined, expected: Revisions) {
    const named = expected.length === 0 ? 'none of its revisions' : expected.join(' or ');
    super(`${stream} is at ${actual ?? 'no revision'}; If-Match names ${named}`);
    this.stream = stream;
    this.actual = actual;
    this.expected = expected;
  }
}

/** A queue of waiting commands is full. Nothing was done; the client may retry later. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
  /** The stream whose queue is full; undefined if all queues together have reached their limit. */
  readonly stream: string | undefined;
  readonly limit: number;

  constructor(stream: string | undefined, limit: number) {
    super(`${limit} commands are waiting${stream === undefined ? '' : ` for ${stream}`}, the maximum`);
    this.stream = stream;
    this.limit = limit;
  }
}

/** Each attempt to append conflicted with another writer of the stream. Nothing was done. */
export class ConcurrencyConflict extends Error {
  override readonly name = 'ConcurrencyConflict';
  readonly stream: string;
  readonly attempts: number;

  constructor(stream: string, attempts: number) {
    super(`${attempts} attempts to append to ${stream} conflicted with other writers`);
    this.stream = stream;
    this.attempts = attempts;
  }
}

/** The idempotency key was used before, with another payload. Nothing was done. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';

  constructor() {
    super('this idempotency key was used with another payload');
  }
}

/** Returns whether an error rejects a command, so that nothing was done. Other errors may leave the outcome open. */
export const isRejection = (error: unknown): boolean =>
  error instanceof DomainError || error instanceof StaleRevision;
