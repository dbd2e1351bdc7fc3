import type { Decider } from '../../domain/kernel/decider.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { AnyDecider } from './folded.ts';

interface Shape<State, Json> {
  readonly shape: string;
  /** Raise it when the JSON or the meaning of the state changes: older snapshots are then ignored. */
  readonly version: number;
  /** Minimum number of events between snapshots. Fewer cost more writes; more slow down the first read of a new process. */
  readonly every: number;
  readonly take: (state: State) => Json;
  readonly restore: (json: Json) => State;
}

/** How to store the states of a decider as JSON. */
export interface SnapshotShape extends Shape<unknown, unknown> {
  readonly decider: AnyDecider;
}

/** Returns the shape without its types. This is safe, since a snapshot is restored only if its shape and version match. */
export const snapshotsOf = <State, Command, Event extends DomainEvent, Json>(
  decider: Decider<State, Command, Event>,
  shape: Shape<State, Json>,
): SnapshotShape => ({ decider, ...shape }) as unknown as SnapshotShape;
