import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'winston';
import { pause } from '../../platform/async/backoff.ts';
import { foldOutages } from '../../platform/logging/folded-logger.ts';
import type { TimelineEntry } from '../../projections/timeline/document.ts';
import { timelineProjection } from '../../projections/timeline/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { ChangeFeed } from '../waiting/change-feed.ts';
import { readTimelinePart, timelineOf } from './read-timeline.ts';

export interface TimelineTailOptions {
  readonly readStore: Pick<ReadStore, 'live'>;
  readonly feed: Pick<ChangeFeed, 'waitFor' | 'position'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Takes what came to the timeline, in the order of the log; at the same moment `position` is moved on. */
  readonly tell: (entries: readonly TimelineEntry[]) => void;
}

/** The timeline is looked at so often although no change of it was heard: reads may have gone to another generation. */
const LOOK_MS = 1_000;
const RETRY_MS = 200;

/** Reads what comes to the timeline, as the change feed tells that something did, from when it begins until it is stopped. */
export class TimelineTail {
  readonly #options: TimelineTailOptions;
  #position = '';
  #run: { readonly begun: Promise<void>; readonly stopping: AbortController } | undefined;

  constructor(options: TimelineTailOptions) {
    this.#options = options;
  }

  /** Key of the place up to which everything was told, or lay before the beginning. */
  get position(): string {
    return this.#position;
  }

  /** Begins at the end of the timeline, unless it has begun already. Throws what the read store throws. */
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
    const outages = foldOutages(this.#options.logger, 'read store');
    let isAway = false;
    while (!signal.aborted) {
      // Looked at before reading: what is heard from here on is read the next time.
      const heard = feed.position(timelineProjection.name) ?? -1n;
      try {
        if (!(await this.#read(signal))) await feed.waitFor(timelineProjection, heard + 1n, LOOK_MS, signal);
        isAway = false;
      } catch (error) {
        if (!isAway) outages.warn('live updates wait for the read store', { error: String(error) });
        isAway = true;
        await pause(RETRY_MS, signal);
      }
    }
  }

  /** Whether there is more to be read at once. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const part = await readTimelinePart(this.#options.readStore, { after: this.#position });
    if (signal.aborted) return false;
    this.#position = part.reached;
    this.#options.tell(part.entries);
    // A store that is a library answers within the turn, and others are to have theirs.
    if (part.hasMore) await nextTurn();
    return part.hasMore;
  }
}
