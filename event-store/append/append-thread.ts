import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { EncodedEvent } from '../codec/codec.ts';
import type { AppendLimits, SendAppend, Tried } from '../connection/tried.ts';
import type { ExpectedRevision } from '../event-store.ts';
import { Handover } from '../subscriptions/handover.ts';

/** What the thread is to know. */
export interface AppendThreadData extends AppendLimits {
  readonly url: string;
}

/** Starts `append-worker` with this as its `workerData`. */
export type StartAppendThread = (data: AppendThreadData) => Worker;

/** Tries and their answers, a few in each message. */
export type Asked = readonly [
  try_: number,
  stream: string,
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
];
export type Answered = readonly [try_: number, tried: Tried];

/**
 * Appends made by a thread of their own, which spares the one that answers HTTP the client's serialising: half as many
 * commands again per second (`docs/performance.md`). Begins with the first append or before. When the thread ends, however that was,
 * the tries that it had are unanswered, and the next begins another thread.
 */
export class AppendThread {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  #tries = 0;
  readonly #underWay = new Map<number, (tried: Tried) => void>();
  readonly #handover = new Handover<Asked>((tries) => {
    try {
      this.#worker ??= this.#begin();
      this.#worker.postMessage(tries);
    } catch (error) {
      const reason = `the thread for appends cannot begin: ${error}`;
      for (const [number] of tries) this.#answer(number, { kind: 'unanswered', neverSent: true, reason });
    }
  });

  constructor(start: () => Worker) {
    this.#start = start;
  }

  readonly send: SendAppend = (stream, events, expected) =>
    new Promise((resolve) => {
      const number = this.#tries++;
      this.#underWay.set(number, resolve);
      this.#handover.add([number, stream, events, expected]);
    });

  /** Begins, and resolves when everything is loaded. Rejects when the thread cannot run. */
  async warmUp(): Promise<void> {
    if (this.#worker !== undefined) return;
    this.#worker = this.#begin();
    await once(this.#worker, 'message');
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #begin(): Worker {
    const worker = this.#start();
    let reason = 'the thread for appends ended';
    worker.on('message', (answers: readonly Answered[]) => {
      for (const [number, tried] of answers) this.#answer(number, tried);
    });
    worker.on('error', (error) => {
      reason = `the thread for appends broke: ${error}`;
    });
    worker.on('exit', () => this.#ended(reason));
    return worker;
  }

  #ended(reason: string): void {
    this.#worker = undefined;
    const notHanded = new Set(this.#handover.waiting.map(([number]) => number));
    for (const number of this.#underWay.keys())
      if (!notHanded.has(number)) this.#answer(number, { kind: 'unanswered', neverSent: false, reason });
  }

  #answer(number: number, tried: Tried): void {
    this.#underWay.get(number)?.(tried);
    this.#underWay.delete(number);
  }
}
