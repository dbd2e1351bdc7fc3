import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Batcher } from '../batcher.ts';
import type { EncodedEvent } from '../codec/codec.ts';
import type { ExpectedRevision } from '../event-store.ts';
import type { AttemptAppend, AttemptLimits, AttemptResult } from './attempt.ts';

/** The `workerData` of the thread. */
export interface AppendThreadData extends AttemptLimits {
  readonly url: string;
}

/** Starts a thread that runs `append-worker`. */
export type StartAppendThread = (data: AppendThreadData) => Worker;

/** A message to the thread is a batch of attempts; a message from it is a batch of results, with the same numbers. */
export type NumberedAttempt = readonly [
  number: number,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
];
export type NumberedResult = readonly [number: number, result: AttemptResult];

/** Batches the items of one turn of the event loop, at most eight, into a message to the other thread. */
export const batchedMessages = <Item>(send: (items: readonly Item[]) => void): Batcher<Item> =>
  new Batcher({ maxItems: 8, schedule: setImmediate }, send);

/**
 * Makes appends on a thread of their own, so that the client's serialization does not delay HTTP
 * (docs/adr/0008-appends-on-a-thread.md). Starts the thread at the first append. When the thread ends, the attempts that were
 * sent to it count as unanswered, and the next attempt starts another thread.
 */
export class AppendThread {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  #attempts = 0;
  readonly #inFlight = new Map<number, (result: AttemptResult) => void>();
  readonly #messages = batchedMessages<NumberedAttempt>((attempts) => {
    try {
      this.#worker ??= this.#startWorker();
      this.#worker.postMessage(attempts);
    } catch (error) {
      const reason = `the thread for appends cannot start: ${error}`;
      for (const [number] of attempts) this.#finish(number, { kind: 'unanswered', neverSent: true, reason });
    }
  });

  constructor(start: () => Worker) {
    this.#start = start;
  }

  readonly attempt: AttemptAppend = (stream, events, expected) =>
    new Promise((resolve) => {
      const number = this.#attempts++;
      this.#inFlight.set(number, resolve);
      this.#messages.add([number, stream, events, expected]);
    });

  /** Starts the thread. Resolves when its code is loaded; rejects when it cannot run. */
  async warmUp(): Promise<void> {
    if (this.#worker !== undefined) return;
    this.#worker = this.#startWorker();
    await once(this.#worker, 'message');
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #startWorker(): Worker {
    const worker = this.#start();
    let reason = 'the thread for appends ended';
    worker.on('message', (results: readonly NumberedResult[]) => {
      for (const [number, result] of results) this.#finish(number, result);
    });
    worker.on('error', (error) => {
      reason = `the thread for appends crashed: ${error}`;
    });
    worker.on('exit', () => this.#onExit(reason));
    return worker;
  }

  #onExit(reason: string): void {
    this.#worker = undefined;
    const notSent = new Set(this.#messages.waiting.map(([number]) => number));
    for (const number of this.#inFlight.keys())
      if (!notSent.has(number)) this.#finish(number, { kind: 'unanswered', neverSent: false, reason });
  }

  #finish(number: number, result: AttemptResult): void {
    this.#inFlight.get(number)?.(result);
    this.#inFlight.delete(number);
  }
}
