import { randomUUID } from 'node:crypto';
import { foldWarnings } from '../platform/folded-logger.ts';
import { pause } from './backoff.ts';
import type { EncodedEvent } from './codec.ts';
import type { Logger } from './logger.ts';
import type { SendAppend } from './tried.ts';

/** How often it is tried whether there is room again. */
const TRY_EVERY_MS = 1_000;
/** Metadata of a stream that has no events: of these, EventStoreDB keeps the newest alone. */
const STREAM = '$$write-probe';
/** An append that is tried needs room for so much. */
const FILLER = 16_384;

/** Whether the event store takes what is written to it, as the appends of this process found. */
export class WriteHealth {
  readonly #send: SendAppend;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  #trouble: string | undefined;

  constructor(send: SendAppend, logger: Logger, signal: AbortSignal) {
    this.#send = send;
    this.#logger = foldWarnings(logger);
    this.#signal = signal;
  }

  /** Why events cannot be written, as a sentence; undefined while nothing is known against it. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** An append was refused for this trouble: until one of its own is written, it is there. */
  refused(trouble: string): void {
    const isNew = this.#trouble === undefined;
    this.#trouble = trouble;
    this.#logger.warn('appends are refused; waiting for room', { reason: trouble });
    if (isNew) void this.#tryUntilWritten();
  }

  async #tryUntilWritten(): Promise<void> {
    while (this.#trouble !== undefined) {
      await pause(TRY_EVERY_MS, this.#signal, { ref: false });
      if (this.#signal.aborted) return;
      const tried = await this.#send(STREAM, [probe()], 'any');
      if (tried.kind === 'disk') this.refused(tried.trouble);
      else if (tried.kind === 'written') {
        this.#trouble = undefined;
        this.#logger.info('appends are taken again');
      }
    }
  }
}

function probe(): EncodedEvent {
  const data = JSON.stringify({ filler: 'x'.repeat(FILLER) });
  return { id: randomUUID(), type: '$metadata', data, metadata: '{}', bytes: data.length };
}
