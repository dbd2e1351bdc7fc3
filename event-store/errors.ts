import type { Position } from './codec/recorded-event.ts';
import type { ExpectedRevision } from './event-store.ts';

/** Where an event that cannot be read stands: whoever does not need it reads on behind its position. */
export interface EventPlace {
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position?: Position | undefined;
}

/** The stream is not where the append expected it: nothing was written. `actual` is undefined when it does not exist. */
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

/** Sent, but never answered: the events may or may not stand in the stream. */
export class AppendOutcomeUnknown extends Error {
  override readonly name = 'AppendOutcomeUnknown';
  readonly stream: string;

  constructor(stream: string, cause: unknown) {
    super(`whether the append to ${stream} was written is not known`, { cause });
    this.stream = stream;
  }
}

/** More than one append may carry: nothing was written. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
  readonly stream: string;
  readonly bytes: number;
  readonly limit: number;

  constructor(stream: string, bytes: number, limit: number) {
    super(`an append to ${stream} of ${bytes} bytes is beyond the ${limit} that one may carry`);
    this.stream = stream;
    this.bytes = bytes;
    this.limit = limit;
  }
}

/** The event store is unavailable; nothing was written. */
export class EventStoreUnavailable extends Error {
  override readonly name: string = 'EventStoreUnavailable';
}

/**
 * The event store answers and refuses access: credentials, rights, certificate or TLS do not match. The message names
 * server and user, and what to change.
 */
export class EventStoreAccessDenied extends EventStoreUnavailable {
  override readonly name = 'EventStoreAccessDenied';
  /** The kind of refusal, without names: health is public. */
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

/** The stream was deleted for good (a tombstone): it can be neither read nor written again. */
export class StreamDeleted extends Error {
  override readonly name = 'StreamDeleted';
  readonly stream: string;

  constructor(stream: string) {
    super(`${stream} was deleted for good`);
    this.stream = stream;
  }
}

/** An event that cannot be read as what its type says it is. */
export class UndecodableEvent extends Error {
  override readonly name = 'UndecodableEvent';
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position | undefined;
  readonly reason: string;

  constructor(at: EventPlace, reason: string) {
    super(`${at.type} at ${at.stream}@${at.revision} cannot be read: ${reason}`);
    this.type = at.type;
    this.stream = at.stream;
    this.revision = at.revision;
    this.position = at.position;
    this.reason = reason;
  }
}

/** An event written by newer code than this: reading it would be guessing. */
export class NewerEventVersion extends Error {
  override readonly name = 'NewerEventVersion';
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position | undefined;
  readonly version: number;
  readonly known: number;

  constructor(at: EventPlace, version: number, known: number) {
    super(`${at.type} at ${at.stream}@${at.revision} is of version ${version}; this program knows ${known}`);
    this.type = at.type;
    this.stream = at.stream;
    this.revision = at.revision;
    this.position = at.position;
    this.version = version;
    this.known = known;
  }
}

/** An event about to be written is not what its definition says, or nobody defined it: a mistake in the program. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
  readonly type: string;

  constructor(type: string, reason: string) {
    super(`${type} is not a valid event: ${reason}`);
    this.type = type;
  }
}
