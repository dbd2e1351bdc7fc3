import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import type { Stored } from '../../../read-store/read-store.ts';
import type { Projection } from '../../projection.ts';
import type { LogPosition } from '../positions.ts';

/** An event that a read model cannot handle. */
export interface Poison {
  readonly stream: string;
  readonly revision: bigint;
  readonly reason: string;
}

export interface Evolved {
  /** Changed documents, to be written. */
  readonly changed: ReadonlyMap<string, Stored<unknown>>;
  /** The first event that could not be handled; `changed` contains the events before it. */
  readonly poison?: Poison;
  /** The last event before the poison. */
  readonly before?: LogPosition;
}

/** Returns the ids of the documents that events may read or change. */
export function touchedBy(projection: Projection<unknown>, events: readonly RecordedEvent[]): Set<string> {
  const touched = new Set<string>();
  for (const recorded of events) {
    try {
      for (const id of projection.touches(recorded)) touched.add(id);
    } catch {
      // `evolveBatch` reports the event.
    }
  }
  return touched;
}

/**
 * Applies events, in order, to documents; `loaded` contains the existing ones. Skips an event for a document that already
 * contains it (by position).
 */
export function evolveBatch(
  projection: Projection<unknown>,
  events: readonly RecordedEvent[],
  loaded: ReadonlyMap<string, Stored<unknown>>,
): Evolved {
  const changed = new Map<string, Stored<unknown>>();
  const current = (id: string) => changed.get(id) ?? loaded.get(id);
  const lookup = (id: string) => current(id)?.body;
  let before: LogPosition;
  for (const recorded of events) {
    const { commit } = recorded.position;
    try {
      const isIgnored = projection.touches(recorded).length === 0;
      const evolved = isIgnored ? [] : projection.evolve(lookup, recorded);
      for (const [id, body] of evolved)
        if ((current(id)?.position ?? -1n) < commit) changed.set(id, { id, position: commit, body });
    } catch (error) {
      return { changed, before, poison: poisonOf(recorded, error) };
    }
    before = recorded.position;
  }
  return { changed };
}

export const poisonOf = ({ stream, revision }: RecordedEvent, error: unknown): Poison => ({
  stream,
  revision,
  reason: String(error),
});
