import type { EventPlace } from './codec/recorded-event.ts';
import type { ExpectedRevision } from './event-store.ts';

/** The stream is not at the expected revision; nothing was written. `actual` is undefined when the stream does not exist. */
export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: bigint | undefined;

  constructor(stream: string, expected: ExpectedRevision, actual: bigint | undefined) {
    super(`${stream} is at ${actual ?? 'no revision'}, not at ${expected}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** An append was sent and not answered: its events may have been written. */
export class AppendOutcomeUnknown extends Error {
  override readonly name = 'AppendOutcomeUnknown';

  constructor(stream: string, cause: unknown) {
    super(`the outcome of an append to ${stream} is unknown`, { cause });
  }
}

/** An append has more bytes than the server accepts; nothing was written. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';

  constructor(stream: string, bytes: number, limit: number) {
    super(`an append to ${stream} has ${bytes} bytes; the limit is ${limit}`);
  }
}

/** The event store is unavailable; nothing was written. */
export class EventStoreUnavailable extends Error {
  override readonly name: string = 'EventStoreUnavailable';
}

/**
 * The event store answers and denies access: credentials, rights, certificate or TLS do not match. The message names
 * server and user, and what to change.
 */
export class EventStoreAccessDenied extends EventStoreUnavailable {
  override readonly name = 'EventStoreAccessDenied';
  /** The kind of the error, without user and address, since health is public. */
  readonly health: string;

  constructor(message: string, health: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.health = health;
  }
}

/** The event store was replaced or restored to an older state; the message is a sentence for the operator. */
export class EventStoreChanged extends Error {
  override readonly name = 'EventStoreChanged';
}

const NEW_DATA = 'start with a new, empty folder as DATA_DIR, or set EVENTSTORE_URL to an empty event store';

/** The event store was written by a version of the program whose events this version cannot read; nothing was written. */
export class DataVersionMismatch extends Error {
  override readonly name = 'DataVersionMismatch';

  constructor(recorded: number, ours: number) {
    super(
      recorded < ours
        ? `the event store was written by an earlier version of Orderstream, whose events this version no longer reads: ${NEW_DATA}`
        : `the event store was written by a newer version of Orderstream, whose events this version does not read: start that version again, or ${NEW_DATA}`,
    );
  }
}

/** The event store's disk rejects writes; nothing was written. Health shows the same message. */
export class EventStoreFull extends EventStoreUnavailable {
  override readonly name = 'EventStoreFull';
}

/** The stream was deleted with a tombstone. It can be neither read nor written again. */
export class StreamDeleted extends Error {
  override readonly name = 'StreamDeleted';

  constructor(stream: string) {
    super(`${stream} was deleted with a tombstone`);
  }
}

/** An event of the log cannot be read. A reader can continue after its position. */
export abstract class UnreadableEvent extends Error {
  readonly place: EventPlace;

  constructor(place: EventPlace, why: string) {
    super(`${place.type} at ${place.stream}@${place.revision} ${why}`);
    this.place = place;
  }
}

/** The data of an event does not fit the schema of its type. */
export class UndecodableEvent extends UnreadableEvent {
  override readonly name = 'UndecodableEvent';
  readonly reason: string;

  constructor(place: EventPlace, reason: string) {
    super(place, `cannot be decoded: ${reason}`);
    this.reason = reason;
  }
}

/** A newer version of the program wrote the event. This version cannot know its shape. */
export class NewerEventVersion extends UnreadableEvent {
  override readonly name = 'NewerEventVersion';

  constructor(place: EventPlace, version: number, known: number) {
    super(place, `has version ${version}; this program knows version ${known}`);
  }
}

/** An event to append does not fit its definition, or has none: an error of the program. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';

  constructor(type: string, reason: string) {
    super(`${type} is not a valid event: ${reason}`);
  }
}
