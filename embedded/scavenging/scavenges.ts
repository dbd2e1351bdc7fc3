import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogClosed } from '../storage/errors.ts';
import type { EventLog, Scavenge } from '../storage/log.ts';
import { type Completion, ScavengeHistory } from './history.ts';

/** Beside a scavenge's steps so much time is left to appends and reads. */
const REST_PER_WORK = 3;
const SHORTEST_REST_MS = 2;
const LONGEST_REST_MS = 100;

/** When the node begins a scavenge of its own. */
export interface Schedule {
  /** How often it looks whether one is due. */
  readonly lookMs: number;
  /** One is due when so much was appended since the last one began, */
  readonly growthBytes: number;
  /** or anything and so long ago, */
  readonly everyMs: number;
  /** or nothing and so long ago: events grow older than `$maxAge` by themselves. */
  readonly idleEveryMs: number;
}

const SCHEDULE: Schedule = {
  lookMs: 60_000,
  growthBytes: 32 * 1024 * 1024,
  everyMs: 300_000,
  idleEveryMs: 3_600_000,
};

export type ScavengeResult = 'Unknown' | 'InProgress' | 'Success' | 'Stopped' | 'Errored';

export interface ScavengesOptions {
  readonly log: EventLog;
  /** `host:port`, as the node's own records name it. */
  readonly nodeEndpoint: () => string;
  readonly onTrouble: (sentence: string) => void;
  readonly schedule?: Schedule;
}

interface Run {
  /** Absent for one that nobody asked for. */
  readonly scavengeId: string | undefined;
  readonly stopping: AbortController;
  readonly ended: Promise<Completion>;
}

/** Scavenges one at a time: those that an operator starts, and the node's own in the background, which leave no record. */
export class Scavenges {
  readonly #log: EventLog;
  readonly #history: ScavengeHistory;
  readonly #onTrouble: (sentence: string) => void;
  readonly #schedule: Schedule;
  #timer: NodeJS.Timeout | undefined;
  #run: Run | undefined;
  #last: { readonly scavengeId: string | undefined; readonly result: ScavengeResult } = {
    scavengeId: undefined,
    result: 'Unknown',
  };
  #doneAt = performance.now();
  /** The end of the log when the last pass began. */
  #doneUpTo = 0;
  #isClosed = false;

  constructor({ log, nodeEndpoint, onTrouble, schedule = SCHEDULE }: ScavengesOptions) {
    this.#log = log;
    this.#history = new ScavengeHistory(log, nodeEndpoint);
    this.#onTrouble = onTrouble;
    this.#schedule = schedule;
  }

  /** To be called once, when the node serves: from now on it scavenges by itself. */
  open(): void {
    this.#timer = setInterval(() => this.#startIfDue(), this.#schedule.lookMs).unref();
    this.#told(this.#history.interrupted());
  }

  /** The id of the scavenge that an operator started and that is not over yet. */
  get current(): string | undefined {
    return this.#run?.scavengeId;
  }

  /** The last scavenge that an operator started since the node started. */
  get last(): { readonly scavengeId: string | undefined; readonly result: ScavengeResult } {
    return this.#last;
  }

  /** Starts one unless one is going on that an operator started; answers the id of the one that then is. */
  start(): { readonly scavengeId: string; readonly isNew: boolean } {
    const { current } = this;
    if (current !== undefined) return { scavengeId: current, isNew: false };
    const scavengeId = randomUUID();
    const own = this.#run;
    own?.stopping.abort();
    const before = this.#history.started(scavengeId);
    const run = this.#begin(scavengeId, Promise.all([own?.ended, before]));
    this.#last = { scavengeId, result: 'InProgress' };
    this.#told(
      run.ended.then((completion) => {
        this.#last = { scavengeId, result: completion.result };
        // Of a node that stops, the next start says that it was interrupted.
        return this.#isClosed ? undefined : this.#history.completed(scavengeId, completion);
      }),
    );
    return { scavengeId, isNew: true };
  }

  /** Stops the scavenge of this id, or the `current` one; answers its id when it has stopped, undefined for no such one. */
  async stop(scavengeId: string): Promise<string | undefined> {
    const run = this.#run;
    if (run?.scavengeId === undefined) return undefined;
    if (scavengeId !== 'current' && scavengeId !== run.scavengeId) return undefined;
    run.stopping.abort();
    await run.ended;
    return run.scavengeId;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#run?.stopping.abort();
    await this.#run?.ended;
  }

  #startIfDue(): void {
    const { growthBytes, everyMs, idleEveryMs } = this.#schedule;
    if (this.#run !== undefined || this.#isClosed) return;
    const grown = this.#log.lastPosition() - this.#doneUpTo;
    const idle = performance.now() - this.#doneAt;
    const isDue = grown >= growthBytes || (grown > 0 && idle >= everyMs) || idle >= idleEveryMs;
    if (isDue) this.#begin(undefined, Promise.resolve());
  }

  #begin(scavengeId: string | undefined, before: Promise<unknown>): Run {
    const stopping = new AbortController();
    const ended = this.#scavenge(stopping.signal, before).finally(() => {
      if (this.#run === run) this.#run = undefined;
    });
    const run = { scavengeId, stopping, ended };
    this.#run = run;
    return run;
  }

  /** Never rejects: what went wrong is in the completion. */
  async #scavenge(signal: AbortSignal, before: Promise<unknown>): Promise<Completion> {
    const startedAt = performance.now();
    let spaceSaved = 0;
    const completion = (result: Completion['result'], error?: string): Completion => ({
      result,
      tookMs: performance.now() - startedAt,
      spaceSaved,
      ...(error !== undefined && { error }),
    });
    try {
      await before;
      const upTo = this.#log.lastPosition();
      const pass = this.#log.scavenge();
      const isComplete = await stepThrough(pass, signal);
      spaceSaved = pass.removed.bytes;
      if (!isComplete) return completion('Stopped');
      this.#doneUpTo = upTo;
      this.#doneAt = performance.now();
      return completion('Success');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!(error instanceof LogClosed)) this.#onTrouble(`A scavenge ended: ${reason}`);
      return completion('Errored', reason);
    }
  }

  /** What cannot be recorded is said; the scavenge itself goes on without. */
  #told(recording: Promise<unknown>): void {
    recording.catch((error: unknown) => {
      if (!(error instanceof LogClosed)) this.#onTrouble(`A scavenge could not be recorded: ${error}`);
    });
  }
}

/** Answers whether it came to its end. */
async function stepThrough(pass: Scavenge, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    if (signal.aborted) return false;
    const began = performance.now();
    if (!pass.step()) return true;
    const rest = (performance.now() - began) * REST_PER_WORK;
    await sleep(Math.min(Math.max(rest, SHORTEST_REST_MS), LONGEST_REST_MS));
  }
}
