import { revisionText, type StoredEvent } from '../../storage/event.ts';
import { createFilter, type EventFilter, passes } from '../../storage/filter/filter.ts';
import type { EventLog } from '../../storage/log.ts';
import type { GroupConfiguration } from '../configuration.ts';
import { ALL, isWrittenByGroupOnAll } from '../stored/stream-names.ts';

export interface SourcePage {
  readonly events: readonly StoredEvent[];
  /** The position to continue from; all events up to it were checked. */
  readonly last: number;
  readonly checked: number;
  readonly atEnd: boolean;
}

/** What a group reads: one stream, whose positions are revisions, or the whole log. */
export interface Source {
  /** Checks at most `limit` events after a position. */
  read(after: number, limit: number): SourcePage;
  includes(event: StoredEvent): boolean;
  positionOf(event: StoredEvent): number;
  textOf(position: number): string;
}

export function sourceOf(log: EventLog, { stream, filter }: GroupConfiguration): Source {
  return stream === ALL ? allOf(log, filter && createFilter(filter)) : streamOf(log, stream);
}

const streamOf = (log: EventLog, stream: string): Source => ({
  read(after, limit) {
    const { events, next } = log.readStreamForwards(stream, after + 1, limit);
    const atEnd = next === undefined;
    const last = atEnd ? (events.at(-1)?.revision ?? after) : next - 1;
    return { events, last, checked: events.length, atEnd };
  },
  includes: (event) => event.stream === stream,
  positionOf: ({ revision }) => revision,
  textOf: revisionText,
});

function allOf(log: EventLog, filter: EventFilter | undefined): Source {
  const wanted: EventFilter = {
    ...filter,
    stream: (names) => {
      const matches = filter?.stream?.(names);
      const tested = matches === undefined ? names : names.slice(0, matches.length);
      return tested.map((name, i) => (matches?.[i] ?? true) && !isWrittenByGroupOnAll(name));
    },
  };
  return {
    read(after, limit) {
      const { events, positions, next, atEnd } = log.readAllForwards(after, limit, wanted);
      return { events, checked: positions.length, last: next ?? after, atEnd };
    },
    includes: (event) => passes(wanted, event),
    positionOf: ({ position }) => position,
    textOf: (position) => `C:${position}/P:${position}`,
  };
}
