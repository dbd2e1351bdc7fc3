import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { Position } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { CommandResult } from '../command-handler.ts';
import { KeyReused } from '../errors.ts';

export interface KeyedCreation {
  /** The stream that the key names: see `idsFromKey`. */
  readonly stream: string;
  readonly fingerprint: string;
  /** Returns whether an error rejects the request; others, such as an outage, leave its outcome open. */
  readonly isRejection: (error: unknown) => boolean;
}

/** The first event of a stream, and where it is in the stream and in the log. */
export interface Created<Event extends DomainEvent> {
  readonly event: Event;
  readonly revision: bigint | undefined;
  readonly position: Position | undefined;
}

/**
 * Creates the stream that an idempotency key names, once. The first event is the only record of the request: it has the
 * command id and the fingerprint. `run` sends the command with both and with `lookFrom: 0n`, so that the command handler
 * finds the event of an earlier request. A request that is rejected now may have succeeded before; then its event is
 * returned. Throws `KeyReused` for another fingerprint, and what `run` and the event store throw.
 */
export async function createOnce<State, Event extends DomainEvent>(
  store: Pick<EventStore, 'read'>,
  { stream, fingerprint, isRejection }: KeyedCreation,
  run: () => Promise<CommandResult<State, Event>>,
): Promise<Created<Event>> {
  try {
    return createdBy(await run());
  } catch (error) {
    if (!isRejection(error)) throw error;
    for await (const { event, revision, position, metadata } of store.read(stream)) {
      if (metadata.fingerprint !== fingerprint) throw new KeyReused();
      // Only the aggregate of the command writes to its streams.
      return { event: event as Event, revision, position };
    }
    throw error;
  }
}

/** Returns the event that created a stream. Throws `TypeError` if the command had no event. */
export function createdBy<State, Event extends DomainEvent>({
  events,
  revision,
  position,
}: CommandResult<State, Event>): Created<Event> {
  const [event] = events;
  if (event === undefined) throw new TypeError('a command that creates a stream had no event');
  return { event, revision, position };
}
