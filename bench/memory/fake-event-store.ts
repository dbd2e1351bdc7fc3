import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';

const position = { commit: 1n, prepare: 1n };
const actor = { sub: 'olivia', role: 'operator' } as const;

/** As it would come from a stream. */
export const recordedAs = (event: DomainEvent, stream: string, revision: number): RecordedEvent => ({
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
  throw new Error('no more is needed than to read and to append');
};

/** A store that makes up streams as they are read and keeps nothing: all that stays in memory is what others keep. */
export const madeUpStore = (eventsOf: (stream: string) => readonly DomainEvent[]): EventStore => ({
  async *read(stream) {
    for (const [revision, event] of eventsOf(stream).entries()) yield recordedAs(event, stream, revision);
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

/** A store that answers nobody. */
export const silentStore: EventStore = {
  ...madeUpStore(() => []),
  read: () => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) }),
  append: () => never,
};
