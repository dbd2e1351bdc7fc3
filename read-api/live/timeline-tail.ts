import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'winston';
import { pause } from '../../platform/async/backoff.ts';
import { limitOutageWarnings } from '../../platform/logging/limit-warnings.ts';
import type { TimelineEntry } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import type { ChangeFeed } from '../waiting/change-feed.ts';
import { readTimelinePart, type TimelineSource, timelineOf } from './read-timeline.ts';

export interface TimelineTailOptions extends TimelineSource {
  readonly feed: Pick<ChangeFeed, 'waitFor' | 'position'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Receives new entries in log order, when `position` advances. */
  readonly onEntries: (entries: readonly TimelineEntry[]) => void;
}

/** Maximum interval of reads without a change: a rebuild may have replaced the generation. */
const POLL_MS = 1_000;
const RETRY_MS = 200;

/** Follows the timeline like `tail -f`: reads new entries when the change feed reports a change. */
export class TimelineTail {
  readonly #options: TimelineTailOptions;
  #position = '';
  #run: { readonly begun: Promise<void>; readonly stopping: AbortController } | undefined;

  constructor(options: TimelineTailOptions) {
    this.#options = options;
  }

  /** Position key up to which all entries were reported, or are older than the beginning. */
  get position(): string {
    return this.#position;
  }

  /** Starts at the end of the timeline, unless it runs already. Throws what the read store throws. */
  begin(): Promise<void> {
    this.#run ??= this.#begin();
    return this.#run.begun;
  }

  stop(): void {
    this.#run?.stopping.abort();
    this.#run = undefined;
  }

  #begin() {
    const stopping = new AbortController();
    const begun = timelineOf(this.#options.readStore).then(({ end }) => {
      if (!stopping.signal.aborted) this.#position = end;
    });
    begun.then(
      () => this.#follow(stopping.signal),
      () => {
        if (this.#run?.stopping === stopping) this.#run = undefined;
      },
    );
    return { begun, stopping };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { feed } = this.#options;
    const outages = limitOutageWarnings(this.#options.logger, 'read store');
    let isUnavailable = false;
    while (!signal.aborted) {
      // Before the read: a later change is read the next time.
      const heard = feed.position(timelineProjection.name) ?? -1n;
      try {
        if (!(await this.#read(signal))) await feed.waitFor(timelineProjection, heard + 1n, POLL_MS, signal);
        isUnavailable = false;
      } catch (error) {
        if (!isUnavailable) outages.warn('live updates wait for a store', { error: String(error) });
        isUnavailable = true;
        await pause(RETRY_MS, signal);
      }
    }
  }

  /** Returns whether more entries can be read at once. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const part = await readTimelinePart(this.#options, { after: this.#position });
    if (signal.aborted) return false;
    this.#position = part.reached;
    this.#options.onEntries(part.entries);
    // SQLite returns within the same turn of the event loop; other work must have a turn too.
    if (part.hasMore) await nextTurn();
    return part.hasMore;
  }
}
