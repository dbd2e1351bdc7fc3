import type { TimelineEntry } from '../../projections/timeline/document.ts';
import { timelineEntryFor } from '../responses/timeline-entry.ts';
import { eventIdOf } from './event-id.ts';

export type Reader = 'staff' | 'customer';

/** A message of server-sent events: comments keep a silent connection open, and show that it is. */
export const STILL_HERE = ': still here\n\n';

/** What a stream begins with: how soon to come back (ms) and from where, should the connection break before any event. */
export const opening = (after: string): string => `retry: 2000\nid: ${eventIdOf(after)}\n\n`;

/** Entries of the timeline in the order of the log, as they are sent. Made once for all who listen. */
export class Messages {
  readonly entries: readonly TimelineEntry[];
  readonly #texts = new Map<Reader, string>();

  constructor(entries: readonly TimelineEntry[]) {
    this.entries = entries;
  }

  textFor(reader: Reader): string {
    const known = this.#texts.get(reader);
    if (known !== undefined) return known;
    const text = this.entries.map((entry) => messageOf(entry, reader)).join('');
    this.#texts.set(reader, text);
    return text;
  }

  /** Those behind a place in the log. */
  behind(key: string): Messages {
    const [first] = this.entries;
    return first === undefined || first.position > key
      ? this
      : new Messages(this.entries.filter(({ position }) => position > key));
  }
}

const messageOf = (entry: TimelineEntry, reader: Reader): string =>
  `id: ${eventIdOf(entry.position)}\ndata: ${JSON.stringify({
    orderId: entry.orderId,
    ...timelineEntryFor(entry, reader === 'staff'),
  })}\n\n`;
