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

/** As many commands wait as are allowed to: nothing was done, and trying again later may do. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
  /** The stream whose queue is full; undefined when all queues together are. */
  readonly stream: string | undefined;
  readonly limit: number;

  constructor(stream: string | undefined, limit: number) {
    super(`${limit} commands wait already${stream === undefined ? '' : ` for ${stream}`}`);
    this.stream = stream;
    this.limit = limit;
  }
}

/** Others kept writing to the stream between deciding and appending, again and again. Nothing was done. */
export class ConcurrencyConflict extends Error {
  override readonly name = 'ConcurrencyConflict';
  readonly stream: string;
  readonly attempts: number;

  constructor(stream: string, attempts: number) {
    super(`${stream} was written by others ${attempts} times in a row`);
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
