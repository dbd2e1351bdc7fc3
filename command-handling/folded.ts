import type { Decider } from '../domain/kernel/decider.ts';
import type { DomainEvent } from '../domain/kernel/event.ts';
import type { Position, RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { EventStore } from '../event-store/event-store.ts';

/** A decider whose types are known to those who send the commands, and to nobody here. */
export type AnyDecider = Decider<unknown, unknown, DomainEvent>;

/** A stream folded into a state, up to a revision. */
export interface Folded {
  readonly state: unknown;
  /** Undefined while the stream does not exist. */
  readonly revision: bigint | undefined;
  readonly position: Position | undefined;
  /** Of the events that went into it, how many a snapshot does not hold. */
  readonly sinceSnapshot: number;
}

export const unfolded = (decider: AnyDecider): Folded => ({
  state: decider.initialState,
  revision: undefined,
  position: undefined,
  sinceSnapshot: 0,
});

export const nextRevision = ({ revision }: Pick<Folded, 'revision'>): bigint =>
  revision === undefined ? 0n : revision + 1n;

/**
 * Folds what the stream holds beyond `known`. Events from `lookFrom` on are handed out too, also those folded before.
 * An event of unknown type changes no state, but counts for the revision.
 */
export async function foldTail(
  store: EventStore,
  stream: string,
  decider: AnyDecider,
  known: Folded,
  lookFrom: bigint | undefined,
): Promise<{ readonly folded: Folded; readonly seen: readonly RecordedEvent[] }> {
  const beyond = nextRevision(known);
  const from = lookFrom !== undefined && lookFrom < beyond ? lookFrom : beyond;
  const seen: RecordedEvent[] = [];
  let folded = known;
  const onUnknown = ({ revision, position }: { readonly revision: bigint; readonly position: Position }) => {
    if (revision >= beyond) folded = { ...folded, revision, position };
  };
  for await (const recorded of store.read(stream, { from, onUnknown })) {
    const { revision, position, event } = recorded;
    if (lookFrom !== undefined && revision >= lookFrom) seen.push(recorded);
    if (revision < beyond) continue;
    folded = {
      state: decider.evolve(folded.state, event),
      revision,
      position,
      sinceSnapshot: folded.sinceSnapshot + 1,
    };
  }
  return { folded, seen };
}
