import type { AnyEvent } from './registry.ts';

/** A place in the log. The real server has two parts; both are kept (they are equal for single appends). */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Who did it: a person or service by its token, or a part of the system. */
export interface Actor {
  readonly sub: string;
  readonly role: 'customer' | 'operator' | 'admin' | 'system';
}

/** What is written beside every event. `$correlationId` is the order id on every event of an order's story. */
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

/** An event as it stands in the log, decoded, validated and brought to its newest shape. */
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
