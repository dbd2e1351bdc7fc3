import type { DomainEvent } from '../domain/kernel/event.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { IndexDeclaration } from '../read-store/read-store.ts';

/** Looks a document up among those that `touches` named; undefined while it does not exist. */
export type Lookup<Body> = (id: string) => Body | undefined;

/**
 * A read model: which documents an event touches, and what becomes of them. Pure. Evolving the same events again from the
 * first gives equal documents; the projector skips an event for a document that already has it (by position).
 */
export interface Projection<Body, Event extends DomainEvent = DomainEvent> {
  readonly name: string;
  /** Raised when a document's shape or meaning changes: the model is then rebuilt. */
  readonly version: number;
  readonly indexes: readonly IndexDeclaration[];
  /** Ids of the documents that the event reads or changes; none when the model does not care for it. */
  readonly touches: (recorded: RecordedEvent<Event>) => readonly string[];
  /** New bodies by id, of documents among those touched. */
  readonly evolve: (lookup: Lookup<Body>, recorded: RecordedEvent<Event>) => ReadonlyMap<string, Body>;
  /**
   * The types of event that it cares for; all when absent. One of another type that cannot be read (a newer version, damaged)
   * does not stop it.
   */
  readonly eventTypes?: readonly Event['type'][];
  /** Every event adds documents of its own and none is ever read back: written as inserts, nothing loaded. */
  readonly growsOnly?: boolean;
}
