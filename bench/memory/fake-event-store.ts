import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';

const position = { commit: 1n, prepare: 1n };
const actor = { sub: 'olivia', role: 'operator' } as const;

/** Returns an event as a store reads it from a stream. */
export const recordedEvent = (event: DomainEvent, stream: string, revision: number): RecordedEvent => ({
  event,
  id: `${stream}@${revision}`,
  stream,
  revision: BigInt(revision),
  position,
  at: new Date(0),
  metadata: { $correlationId: '', $causationId: '', commandId: '', actor, schemaVersion: 1 },
});

export const never = new Promise<never>(() => {});
const unused = () => {
  throw new Error('the fake store only reads and appends');
};

/** Creates a store that generates streams while they are read and keeps nothing, so that only caches use memory. */
export const createFakeEventStore = (eventsOf: (stream: string) => readonly DomainEvent[]): EventStore => ({
  async *read(stream) {
    for (const [revision, event] of eventsOf(stream).entries()) yield recordedEvent(event, stream, revision);
  },
  append: async () => ({ ids: [], revision: 0n, position }),
  async *subscribe() {
    yield { kind: 'caught-up' };
    await never;
  },
  head: async () => position,
  readLast: unused,
  readAll: unused,
  holds: unused,
  identity: async () => 'made-up',
  close: async () => {},
});

/** A store that never answers. */
export const unresponsiveStore: EventStore = {
  ...createFakeEventStore(() => []),
  read: () => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) }),
  append: () => never,
};
