import { type EventDefinition, EventRegistry, type Upcaster } from './codec/registry.ts';
import { snapshotEvents } from './snapshots/snapshot-events.ts';
import { StoreNamed } from './watch/identity.ts';
import { EventTypesKnown } from './watch/known-types.ts';

/** The events and streams of the program that uses the event store. */
export interface EventCatalogue {
  /** Every event type that the program writes. */
  readonly definitions: readonly EventDefinition[];
  /** One for each earlier version of a type. */
  readonly upcasters: readonly Upcaster[];
  /**
   * Prefixes of the streams whose events the log must not lose. Snapshots are not among them: a scavenge removes all but
   * the last.
   */
  readonly prefixes: readonly string[];
  /** Recorded in a new event store. Event stores with another data version are rejected. */
  readonly dataVersion: number;
}

/** Returns the event types of the program and those of the event store itself. */
export const registryOf = ({ definitions, upcasters }: EventCatalogue): EventRegistry =>
  new EventRegistry([...definitions, StoreNamed, EventTypesKnown, ...snapshotEvents], upcasters);
