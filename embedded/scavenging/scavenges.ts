import { randomUUID } from 'node:crypto';
import { messageOf } from '../error-message.ts';
import { LogClosed } from '../storage/errors.ts';
import type { EventLog } from '../storage/log.ts';
import { runPass } from './run-pass.ts';
import { type Completion, ScavengeRecords } from './scavenge-records.ts';
import { isDue, SCHEDULE, type Schedule } from './schedule.ts';

export type ScavengeResult = 'Unknown' | 'InProgress' | 'Success' | 'Stopped' | 'Errored';

export interface ScavengesOptions {
  readonly log: EventLog;
  /** `host:port` of the node, for the records. */
  readonly nodeEndpoint: () => string;
  readonly onError: (sentence: string) => void;
  /** Changes of the default schedule. */
  readonly schedule?: Partial<Schedule> | undefined;
}

interface Run {
  /** Absent for an automatic scavenge. */
  readonly scavengeId: string | undefined;
  readonly stopping: AbortController;
  readonly ended: Promise<Completion>;
}

/** Runs one scavenge at a time: those that an operator starts, and automatic ones, which are not recorded. */
export class Scavenges {
  readonly #log: EventLog;
  readonly #records: ScavengeRecords;
  readonly #onError: (sentence: string) => void;
  readonly #schedule: Schedule;
  #timer: NodeJS.Timeout | undefined;
  #run: Run | undefined;
  #last: { readonly scavengeId: string | undefined; readonly result: ScavengeResult } = {
    scavengeId: undefined,
    result: 'Unknown',
  };
  #lastDoneAt = performance.now();
  /** The end of the log when the last pass began. */
  #lastDoneUpTo = 0;
  #isClosed = false;

  constructor({ log, nodeEndpoint, onError, schedule }: ScavengesOptions) {
    this.#log = log;
    this.#records = new ScavengeRecords(log, nodeEndpoint);
    this.#onError = onError;
    this.#schedule = { ...SCHEDULE, ...schedule };
  }

  /** Starts automatic scavenges; call once, when the node is ready. */
  open(): void {
    this.#timer = setInterval(() => this.#startIfDue(), this.#schedule.checkEveryMs).unref();
    this.#reportFailure(this.#records.interrupted());
  }

  /** Id of the running scavenge of an operator. */
  get current(): string | undefined {
    return this.#run?.scavengeId;
  }

  /** The last scavenge of an operator since the node started. */
  get last(): { readonly scavengeId: string | undefined; readonly result: ScavengeResult } {
    return this.#last;
  }

  /** Starts a scavenge unless one of an operator is running; returns the id of the running one. */
  start(): { readonly scavengeId: string; readonly isNew: boolean } {
    const { current } = this;
    if (current !== undefined) return { scavengeId: current, isNew: false };
    const scavengeId = randomUUID();
    const automatic = this.#run;
    automatic?.stopping.abort();
    const before = this.#records.started(scavengeId);
    const run = this.#begin(scavengeId, Promise.all([automatic?.ended, before]));
    this.#last = { scavengeId, result: 'InProgress' };
    this.#reportFailure(
      run.ended.then((completion) => {
        this.#last = { scavengeId, result: completion.result };
        // When the node stops, the next start records the scavenge as interrupted.
        return this.#isClosed ? undefined : this.#records.completed(scavengeId, completion);
      }),
    );
    return { scavengeId, isNew: true };
  }

  /** Stops the scavenge with this id, or the `current` one. Returns its id after it stopped; undefined for an unknown id. */
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
    if (this.#run !== undefined || this.#isClosed) return;
    const grownBytes = this.#log.lastPosition() - this.#lastDoneUpTo;
    const idleMs = performance.now() - this.#lastDoneAt;
    if (isDue(this.#schedule, grownBytes, idleMs)) this.#begin(undefined, Promise.resolve());
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

  /** Never rejects: an error is part of the completion. */
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
      const isComplete = await runPass(pass, this.#schedule.minPauseMs, signal);
      spaceSaved = pass.removed.bytes;
      if (!isComplete) return completion('Stopped');
      this.#lastDoneUpTo = upTo;
      this.#lastDoneAt = performance.now();
      return completion('Success');
    } catch (error) {
      const reason = messageOf(error);
      if (!(error instanceof LogClosed)) this.#onError(`A scavenge failed: ${reason}`);
      return completion('Errored', reason);
    }
  }

  /** Reports a failed record; the scavenge continues. */
  #reportFailure(recording: Promise<unknown>): void {
    recording.catch((error: unknown) => {
      if (!(error instanceof LogClosed)) this.#onError(`A scavenge could not be recorded: ${error}`);
    });
  }
}
