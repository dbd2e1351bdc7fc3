import type { TimelineEntry } from '../../projections/timeline/document.ts';
import { timelineEntryFor } from '../responses/timeline-entry.ts';
import { eventIdOf } from './event-id.ts';

export type Reader = 'staff' | 'customer';

/** A comment of server-sent events: it keeps an idle connection open. */
export const HEARTBEAT = ': still here\n\n';

/** Returns the start of a stream: the reconnect delay (ms), and the id to resume from if the connection breaks before any event. */
export const opening = (after: string): string => `retry: 2000\nid: ${eventIdOf(after)}\n\n`;

/** Timeline entries in log order as text of server-sent events, built once for all listeners. */
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

  /** Returns the messages after a position key. */
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
