import { once } from 'node:events';
import { Readable } from 'node:stream';
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
  // A stream reads ahead while it has room.
  const buffer = Readable.from(withEnd(source), { highWaterMark: maxEntries });
  let notBefore = 0;
  try {
    for (;;) {
      if (buffer.readableLength === 0) await once(buffer, 'readable');
      const early = notBefore - performance.now();
      if (early > 0) await wait(early);
      notBefore = performance.now() + spacingMs;
      const deadline = performance.now() + maxWaitMs;
      let before = 0;
      while (
        buffer.readableLength > before &&
        buffer.readableLength < maxEntries &&
        performance.now() < deadline
      ) {
        before = buffer.readableLength;
        await nextTurn();
      }
      const entries: SubscriptionEntry[] = [];
      let end: SourceEnd | undefined;
      while (entries.length < maxEntries && end === undefined && buffer.readableLength > 0) {
        const next: SubscriptionEntry | SourceEnd = buffer.read();
        if (next.kind === 'end') end = next;
        else entries.push(next);
      }
      if (entries.length > 0) yield batchOf(entries);
      if (end !== undefined && 'error' in end) throw end.error;
      if (end !== undefined) return;
    }
  } finally {
    buffer.destroy();
  }
}

interface SourceEnd {
  readonly kind: 'end';
  readonly error?: unknown;
}

/** Yields the end of the source as an entry, with its error: a stream that fails drops the entries before the error. */
async function* withEnd(
  source: AsyncIterable<SubscriptionEntry>,
): AsyncGenerator<SubscriptionEntry | SourceEnd> {
  try {
    yield* source;
    yield { kind: 'end' };
  } catch (error) {
    yield { kind: 'end', error };
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
