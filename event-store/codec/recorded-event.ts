import type { AnyEvent } from './registry.ts';

/** A position in the log. EventStoreDB has two parts, which are equal for single appends. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export const isAfter = (a: Position, b: Position): boolean =>
  a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare);

/** The user or service of a token, or a part of the system. */
export interface Actor {
  readonly sub: string;
  readonly role: 'customer' | 'operator' | 'admin' | 'system';
}

/** The metadata of every event. `$correlationId` is the order id on every event that belongs to an order. */
export interface EventMetadata {
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly commandId: string;
  readonly actor: Actor;
  readonly schemaVersion: number;
  readonly requestId?: string;
  readonly traceparent?: string;
  /** Hash of the payload of a keyed command, on the first event that it led to. */
  readonly fingerprint?: string;
}

/** Returns the metadata of an event that the program records about itself. */
export const systemMetadata = (
  commandId: string,
  correlationId = commandId,
): Omit<EventMetadata, 'schemaVersion'> => ({
  $correlationId: correlationId,
  $causationId: commandId,
  commandId,
  actor: { sub: 'orderstream', role: 'system' },
});

/** An event of the log: decoded, validated and upcasted to the current version. */
export interface RecordedEvent<Event extends AnyEvent = AnyEvent> {
  readonly event: Event;
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
  /** When the store recorded it. */
  readonly at: Date;
  readonly metadata: EventMetadata;
}

/** The type of an event and its place in its stream and in the log. */
export interface EventPlace {
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position?: Position | undefined;
}

/** An event whose type is not defined. */
export interface UnknownEvent extends EventPlace {
  readonly kind: 'unknown';
  readonly position: Position;
}
