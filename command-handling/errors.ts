import { DomainError } from '../domain/kernel/domain-error.ts';
import type { Revisions } from './command-handler.ts';

/** `If-Match` does not name the current revision of the stream. Nothing was done. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision';
  /** Undefined while the stream does not exist. */
  readonly actual: bigint | undefined;

  constructor(stream: string, actual: bigint | undefined, expected: Revisions) {
    const named = expected.length === 0 ? 'none of its revisions' : expected.join(' or ');
    super(`${stream} is at ${actual ?? 'no revision'}; If-Match names ${named}`);
    this.actual = actual;
  }
}

/** A queue of waiting commands is full. Nothing was done; the client may retry later. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';

  /** `stream` has the full queue; undefined if all queues together have reached their limit. */
  constructor(stream: string | undefined, limit: number) {
    super(`${limit} commands are waiting${stream === undefined ? '' : ` for ${stream}`}, the maximum`);
  }
}

/** Each attempt to append conflicted with another writer of the stream. Nothing was done. */
export class ConcurrencyConflict extends Error {
  override readonly name = 'ConcurrencyConflict';

  constructor(stream: string, attempts: number) {
    super(`${attempts} attempts to append to ${stream} conflicted with other writers`);
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
