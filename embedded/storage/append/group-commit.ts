import { LogClosed, LogFailed } from '../errors.ts';
import type { StoredEvent } from '../event.ts';
import type { AcknowledgedPosition } from '../file/acknowledged-position.ts';
import type { Tables } from '../tables/tables.ts';
import type { Writer } from './writer.ts';

/** Limits of one commit, so that many appends neither fill the memory nor delay reads for long. */
const MAX_BYTES_PER_COMMIT = 8 * 1024 * 1024;
const MAX_REQUESTS_PER_COMMIT = 2048;

/** A group is complete after this many turns of the event loop without a new request, or at one of the two limits. */
const QUIET_TURNS = 3;
const MAX_TURNS = 64;
const LARGE_GROUP = 256;
/** Pause after a failed commit, so that a full disk is not retried at once. */
const PAUSE_AFTER_FAILURE_MS = 100;

interface Request {
  readonly bytes: number;
  /** Runs inside the transaction; returns a function that resolves the request after the commit. */
  readonly run: (writer: Writer) => () => void;
  readonly reject: (error: Error) => void;
}

export interface GroupCommitOptions {
  readonly tables: Tables;
  readonly writer: Writer;
  /** Absent for a log in memory. */
  readonly acknowledged: AcknowledgedPosition | undefined;
  readonly onCommitted: (events: readonly StoredEvent[]) => void;
  readonly onError: (sentence: string) => void;
}

/** Commits requests that arrive together in one transaction with one sync to disk (group commit). */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #queue: Request[] = [];
  #isScheduled = false;
  #pausedUntil = 0;
  #isClosed = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Runs the action in the next transaction; resolves to its outcome after the commit. */
  enqueue<Outcome>(bytes: number, action: (writer: Writer) => Outcome): Promise<Outcome> {
    if (this.#isClosed) return Promise.reject(new LogClosed());
    return new Promise((resolve, reject) => {
      const run = (writer: Writer) => {
        const outcome = action(writer);
        return () => resolve(outcome);
      };
      this.#queue.push({ bytes, run, reject });
      this.#schedule();
    });
  }

  /** Commits the queued requests. Later ones are rejected with `LogClosed`. */
  close(): void {
    this.#isClosed = true;
    while (this.#queue.length > 0) this.#commit();
  }

  /** Requests sent together arrive over several turns, one HTTP/2 frame in each, so wait until no more arrive. */
  #schedule(turn = 0, quietTurns = 0): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const seen = this.#queue.length;
    setImmediate(() => {
      this.#isScheduled = false;
      const quiet = this.#queue.length === seen ? quietTurns + 1 : 0;
      const waits = quiet < QUIET_TURNS && turn < MAX_TURNS && seen < LARGE_GROUP;
      if (waits) return this.#schedule(turn + 1, quiet);
      const pauseMs = this.#pausedUntil - performance.now();
      if (pauseMs > 0) return this.#scheduleIn(pauseMs);
      if (this.#queue.length > 0) this.#commit();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #scheduleIn(ms: number): void {
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      if (this.#queue.length > 0) this.#schedule();
    }, ms);
  }

  #commit(): void {
    const { tables, writer, acknowledged, onCommitted, onError } = this.#options;
    const group = this.#takeGroup();
    let resolves: (() => void)[];
    try {
      writer.events.begin();
      resolves = tables.transaction(() => group.map(({ run }) => run(writer)));
    } catch (error) {
      writer.events.reset();
      this.#pausedUntil = performance.now() + PAUSE_AFTER_FAILURE_MS;
      const failed = new LogFailed(error);
      onError(failed.message);
      for (const { reject } of group) reject(failed);
      return;
    }
    const committed = writer.events.written;
    if (committed.length > 0) acknowledged?.save(writer.events.lastPosition);
    for (const resolve of resolves) resolve();
    if (committed.length > 0) onCommitted(committed);
  }

  #takeGroup(): readonly Request[] {
    let bytes = 0;
    let count = 0;
    for (const request of this.#queue) {
      bytes += request.bytes;
      if (count > 0 && (bytes > MAX_BYTES_PER_COMMIT || count >= MAX_REQUESTS_PER_COMMIT)) break;
      count += 1;
    }
    const group = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return group;
  }
}
