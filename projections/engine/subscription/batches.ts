import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import type { SubscriptionEntry } from '../../../event-store/event-store.ts';
import { type LogPosition, latest } from '../positions.ts';

/** Entries of a subscription since the previous batch. */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** Position of the last event, of a known or unknown type; undefined without an event. */
  readonly lastEvent: LogPosition;
  /** Position up to which the subscription has read the log: at or after the last event. */
  readonly end: LogPosition;
  /** One entry for each event of an unknown type. */
  readonly unknownTypes: readonly string[];
  /** The subscription reached the end of the log. */
  readonly caughtUp: boolean;
}

export interface BatchBounds {
  readonly maxEntries: number;
  /** A batch is closed after this time even if entries keep arriving. */
  readonly maxWaitMs: number;
  /** Minimum time between two batches: each batch costs every read model a write. */
  readonly spacingMs: number;
}

/**
 * Groups entries into batches. Entries are collected while the consumer is busy and until `spacingMs` after the previous
 * batch; the batch is closed when no further entry is waiting. So batches are small and immediate under low load, and large
 * under high load. At most one batch waits. An error of the source is thrown after the entries before it.
 */
export async function* readBatches(
  source: AsyncIterable<SubscriptionEntry>,
  { maxEntries, maxWaitMs, spacingMs }: BatchBounds,
  wait: (ms: number) => Promise<unknown> = sleep,
): AsyncGenerator<Batch, void, undefined> {
  const buffer = new EntryBuffer(source, maxEntries);
  let notBefore = 0;
  try {
    for (;;) {
      await buffer.hasEntry();
      const early = notBefore - performance.now();
      if (early > 0) await wait(early);
      notBefore = performance.now() + spacingMs;
      const deadline = performance.now() + maxWaitMs;
      let before = 0;
      while (buffer.size > before && buffer.size < maxEntries && performance.now() < deadline) {
        before = buffer.size;
        await nextTurn();
      }
      const entries = buffer.take(maxEntries);
      if (entries.length > 0) yield batchOf(entries);
      else if (buffer.ended !== undefined) return buffer.finish();
    }
  } finally {
    buffer.stop();
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

/** Reads ahead from the source while there is room. */
class EntryBuffer {
  readonly #capacity: number;
  #entries: SubscriptionEntry[] = [];
  #wakeConsumer: () => void = () => {};
  #wakePump: () => void = () => {};
  #stopped = false;
  /** Set when the source has ended; with its error if it failed. */
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

  /** Resolves when an entry is available or the source has ended. */
  async hasEntry(): Promise<void> {
    while (this.#entries.length === 0 && this.ended === undefined) {
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve;
      });
    }
  }

  take(maximum: number): SubscriptionEntry[] {
    const taken = this.#entries.splice(0, maximum);
    this.#wakePump();
    return taken;
  }

  /** Throws the error of the source, if it failed. */
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
