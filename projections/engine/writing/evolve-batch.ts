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

/** Returns the ids of the documents that events may read or change. An event for which `touches` throws is left to `evolveBatch`. */
export function touchedBy(projection: Projection<unknown>, events: readonly RecordedEvent[]): Set<string> {
  const touched = new Set<string>();
  for (const recorded of events) {
    const ids = attempt(() => projection.touches(recorded));
    if (ids.ok) for (const id of ids.value) touched.add(id);
  }
  return touched;
}

/**
 * Folds events, in order, into documents; `loaded` contains the existing ones. An event is skipped for a document that
 * already contains it (by position).
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
    const evolved = attempt(() => {
      const ids = projection.touches(recorded);
      return ids.length === 0 ? undefined : projection.evolve(lookup, recorded);
    });
    if (!evolved.ok) return { changed, before, poison: poisonOf(recorded, evolved.error) };
    if (evolved.value !== undefined) {
      for (const [id, body] of evolved.value) {
        if ((current(id)?.position ?? -1n) < commit) changed.set(id, { id, position: commit, body });
      }
    }
    before = recorded.position;
  }
  return { changed };
}

export const poisonOf = ({ stream, revision }: RecordedEvent, error: unknown): Poison => ({
  stream,
  revision,
  reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
});

type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: unknown };

function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}
