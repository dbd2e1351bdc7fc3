import type { Decider } from '../../domain/kernel/decider.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { type AnyDecider, foldTail, unfolded } from './folded.ts';

/** Reads a whole stream, without the cache. Returns its state and its revision, undefined while it does not exist. */
export async function readState<State, Command, Event extends DomainEvent>(
  store: Pick<EventStore, 'read'>,
  { stream, decider }: { readonly stream: string; readonly decider: Decider<State, Command, Event> },
): Promise<{ readonly state: State; readonly revision: bigint | undefined }> {
  const untyped = decider as unknown as AnyDecider;
  const { folded } = await foldTail(store, stream, untyped, unfolded(untyped), undefined);
  return { state: folded.state as State, revision: folded.revision };
}
