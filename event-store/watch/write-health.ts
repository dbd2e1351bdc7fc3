import { randomUUID } from 'node:crypto';
import { pause } from '../../platform/async/backoff.ts';
import { limitOutageWarnings } from '../../platform/logging/limit-warnings.ts';
import type { AttemptAppend } from '../append/attempt.ts';
import type { EncodedEvent } from '../codec/codec.ts';
import type { Logger } from '../logger.ts';

/** Interval of the test appends. */
const TRY_EVERY_MS = 1_000;
/** Test appends write metadata of an empty stream: EventStoreDB keeps only the newest. */
const STREAM = '$$write-probe';
/** Size of a test append. */
const FILLER = 16_384;

/** Whether writes to the event store succeed, as this process has observed. */
export class WriteHealth {
  readonly #attempt: AttemptAppend;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  #trouble: string | undefined;

  constructor(attempt: AttemptAppend, logger: Logger, signal: AbortSignal) {
    this.#attempt = attempt;
    this.#logger = limitOutageWarnings(logger, 'event store');
    this.#signal = signal;
  }

  /** Returns why writes fail, as a sentence; undefined while no failure is known. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Reports a failed append. The trouble lasts until a test append succeeds. */
  failed(trouble: string): void {
    const isNew = this.#trouble === undefined;
    this.#trouble = trouble;
    this.#logger.warn('appends fail; waiting until the disk accepts writes', { reason: trouble });
    if (isNew) void this.#tryUntilWritten();
  }

  async #tryUntilWritten(): Promise<void> {
    while (this.#trouble !== undefined) {
      await pause(TRY_EVERY_MS, this.#signal, { ref: false });
      if (this.#signal.aborted) return;
      const result = await this.#attempt(STREAM, [probe()], 'any');
      if (result.kind === 'disk') this.failed(result.trouble);
      else if (result.kind === 'written') {
        this.#trouble = undefined;
        this.#logger.info('appends succeed again');
      }
    }
  }
}

function probe(): EncodedEvent {
  const data = JSON.stringify({ filler: 'x'.repeat(FILLER) });
  return { id: randomUUID(), type: '$metadata', data, metadata: '{}', bytes: data.length };
}
