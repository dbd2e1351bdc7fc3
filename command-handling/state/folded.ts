import type { Decider } from '../../domain/kernel/decider.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { Position, RecordedEvent, UnknownEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';

/** A decider without its types, which only its callers know. */
export type AnyDecider = Decider<unknown, unknown, DomainEvent>;

/** The state of a stream at a revision. */
export interface Folded {
  readonly state: unknown;
  /** Undefined while the stream does not exist. */
  readonly revision: bigint | undefined;
  readonly position: Position | undefined;
  /** Number of events since the last snapshot. */
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
 * Folds the events after `known`. Also returns the events from `lookFrom` on, whether they are folded already or not.
 * An event of unknown type changes the revision only.
 */
export async function foldTail(
  store: Pick<EventStore, 'read'>,
  stream: string,
  decider: AnyDecider,
  known: Folded,
  lookFrom: bigint | undefined,
): Promise<{ readonly folded: Folded; readonly seen: readonly RecordedEvent[] }> {
  const next = nextRevision(known);
  const from = lookFrom !== undefined && lookFrom < next ? lookFrom : next;
  const seen: RecordedEvent[] = [];
  let folded = known;
  const onUnknown = ({ revision, position }: UnknownEvent) => {
    if (revision >= next) folded = { ...folded, revision, position };
  };
  for await (const recorded of store.read(stream, { from, onUnknown })) {
    const { revision, position, event } = recorded;
    if (lookFrom !== undefined && revision >= lookFrom) seen.push(recorded);
    if (revision < next) continue;
    folded = {
      state: decider.evolve(folded.state, event),
      revision,
      position,
      sinceSnapshot: folded.sinceSnapshot + 1,
    };
  }
  return { folded, seen };
}
