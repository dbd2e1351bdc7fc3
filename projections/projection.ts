import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { ModelDeclaration } from '../read-store/read-store.ts';

/** Returns a document that the event touches; undefined while it does not exist. */
export type Lookup<Body> = (id: string) => Body | undefined;

/**
 * A read model: which documents an event touches, and what they become. Pure. Applying the same events again from the first
 * gives equal documents; the projector skips an event for a document that already contains it (by position).
 */
export interface Projection<Body = unknown> extends ModelDeclaration {
  /** Raise it when a document's shape or meaning changes: the projector then rebuilds the read model. */
  readonly version: number;
  /** The event types that the read model uses; all when absent. An unreadable event of another type does not stop it. */
  readonly eventTypes?: readonly string[];
  /** Returns the ids of the documents that the event reads or changes; none for an event that the read model ignores. */
  touches(recorded: RecordedEvent): readonly string[];
  /** Returns the new bodies, by id, of touched documents. */
  evolve(lookup: Lookup<Body>, recorded: RecordedEvent): ReadonlyMap<string, Body>;
}
