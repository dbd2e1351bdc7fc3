import { inventoryDecider } from '../domain/inventory/decider.ts';
import { fromSnapshot, type InventorySnapshot, takeSnapshot } from '../domain/inventory/snapshot.ts';
import type { Decider } from '../domain/kernel/decider.ts';
import type { DomainEvent } from '../domain/kernel/event.ts';
import type { AnyDecider } from './folded.ts';

interface Shape<State, Json> {
  readonly shape: string;
  /** Whoever changes what `take` gives, or what the state means, raises it: older snapshots are passed over. */
  readonly version: number;
  /**
   * Events between two snapshots, at least: what a new process reads of a stream before its first answer, with its code
   * still cold, against what writing the state costs.
   */
  readonly every: number;
  readonly take: (state: State) => Json;
  readonly restore: (json: Json) => State;
}

/** How the states of a decider are kept as JSON. */
export interface SnapshotShape extends Shape<unknown, unknown> {
  readonly decider: AnyDecider;
}

/** Version and shape are compared before anything is restored, so that what was taken is what is restored. */
export const snapshotsOf = <State, Command, Event extends DomainEvent, Json>(
  decider: Decider<State, Command, Event>,
  shape: Shape<State, Json>,
): SnapshotShape => ({ decider, ...shape }) as unknown as SnapshotShape;

/** The streams that grow without end: a product's stock sees every order of it. All others are short. */
export const domainSnapshots: readonly SnapshotShape[] = [
  snapshotsOf(inventoryDecider, {
    shape: 'inventory',
    version: 2,
    every: 100,
    take: takeSnapshot,
    restore: (json: InventorySnapshot) => fromSnapshot(json),
  }),
];
