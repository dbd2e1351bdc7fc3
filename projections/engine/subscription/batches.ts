import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import type { SubscriptionEntry } from '../../../event-store/event-store.ts';
import { type LogPosition, latest } from '../positions.ts';

/** What a subscription brought since the batch before. */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** The last event of ours, of a type known or not; undefined when there was none. */
  readonly lastEvent: LogPosition;
  /** How far the log was looked at: at or beyond the last event. */
  readonly end: LogPosition;
  /** Types of events that nobody here knows, one for each such event. */
  readonly unknownTypes: readonly string[];
  /** The subscription had reached the end of the log. */
  readonly caughtUp: boolean;
}

export interface BatchBounds {
  readonly maxEntries: number;
  /** A batch is handed over after so long although more keeps coming. */
  readonly maxWaitMs: number;
  /** From one batch to the next at least: each costs every model a write, however little is in it. */
  readonly spacingMs: number;
}

/**
 * Entries in batches: while the consumer is busy they gather, and for `spacingMs` after the batch before; then, as soon as
 * nothing more comes, what there is is handed over. So batches are small, and at once, when little happens, and large when
 * much does. At most one batch waits. An error of the source is thrown after everything before it was handed over.
 */
export async function* batchesOf(
  source: AsyncIterable<SubscriptionEntry>,
  { maxEntries, maxWaitMs, spacingMs }: BatchBounds,
  rest: (ms: number) => Promise<unknown> = sleep,
): AsyncGenerator<Batch, void, undefined> {
  const gathering = new Gathering(source, maxEntries);
  let next = 0;
  try {
    for (;;) {
      await gathering.something();
      const early = next - performance.now();
      if (early > 0) await rest(early);
      next = performance.now() + spacingMs;
      const deadline = performance.now() + maxWaitMs;
      let before = 0;
      while (gathering.size > before && gathering.size < maxEntries && performance.now() < deadline) {
        before = gathering.size;
        await nextTurn();
      }
      const entries = gathering.take(maxEntries);
      if (entries.length > 0) yield batchOf(entries);
      else if (gathering.ended !== undefined) return gathering.finish();
    }
  } finally {
    gathering.stop();
  }
}

function batchOf(entries: readonly SubscriptionEntry[]): Batch {
  const events: RecordedEvent[] = [];
  const unknownTypes: string[] = [];
  let lastEvent: LogPosition;
  let end: LogPosition;
  let caughtUp = false;
  for (const entry of entries) {
    if (entry.kind === 'caught-up') caughtUp = true;
    else if (entry.kind === 'checkpoint') end = latest(end, entry.position);
    else {
      if (entry.kind === 'event') events.push(entry.recorded);
      else unknownTypes.push(entry.type);
      lastEvent = entry.kind === 'event' ? entry.recorded.position : entry.position;
      end = latest(end, lastEvent);
    }
  }
  return { events, unknownTypes, lastEvent, end, caughtUp };
}

/** Pulls from the source while there is room, whether or not the consumer is asking. */
class Gathering {
  readonly #capacity: number;
  #entries: SubscriptionEntry[] = [];
  #wakeConsumer: () => void = () => {};
  #wakePump: () => void = () => {};
  #stopped = false;
  /** Set when the source has ended, with its error if it failed. */
  ended: { readonly error?: unknown } | undefined;

  constructor(source: AsyncIterable<SubscriptionEntry>, capacity: number) {
    this.#capacity = capacity;
    this.#pump(source).then(
      () => this.#end({}),
      (error: unknown) => this.#end({ error }),
    );
  }

  get size(): number {
    return this.#entries.length;
  }

  async something(): Promise<void> {
    while (this.#entries.length === 0 && this.ended === undefined) {
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve;
      });
    }
  }

  take(most: number): SubscriptionEntry[] {
    const taken = this.#entries.splice(0, most);
    this.#wakePump();
    return taken;
  }

  finish(): void {
    if (this.ended !== undefined && 'error' in this.ended) throw this.ended.error;
  }

  stop(): void {
    this.#stopped = true;
    this.#wakePump();
  }

  async #pump(source: AsyncIterable<SubscriptionEntry>): Promise<void> {
    for await (const entry of source) {
      this.#entries.push(entry);
      this.#wakeConsumer();
      while (this.#entries.length >= this.#capacity && !this.#stopped) {
        await new Promise<void>((resolve) => {
          this.#wakePump = resolve;
        });
      }
      if (this.#stopped) return;
    }
  }

  #end(ended: { readonly error?: unknown }): void {
    this.ended = ended;
    this.#wakeConsumer();
  }
}
