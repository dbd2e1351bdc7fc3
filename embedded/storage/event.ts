/** An event to append, not yet part of a stream. */
export interface NewEvent {
  /** A UUID of 36 characters in lower case. */
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  /** Called custom metadata in the protocol; empty when there is none. */
  readonly metadata: Uint8Array;
}

/** An event in the log. Its commit position equals its prepare position. */
export interface StoredEvent extends NewEvent {
  /** Strictly increasing with gaps, like a byte offset; greater than 0. */
  readonly position: number;
  readonly stream: string;
  /** Starts at 0, without gaps. `TOMBSTONE_REVISION` for the event that deletes a stream permanently. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Represents 2^63-1, which a number cannot hold. Convert it with `revisionText`. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

const LARGEST_INT64 = '9223372036854775807';

/** Returns a revision as the decimal string of the protocol. */
export const revisionText = (revision: number): string =>
  revision >= TOMBSTONE_REVISION ? LARGEST_INT64 : String(revision);

/** Returns a revision from a decimal string of the protocol; one too large for a number becomes `TOMBSTONE_REVISION`. */
export const revisionOf = (text: string): number => Math.min(Number(text), TOMBSTONE_REVISION);

export const LINK_TYPE = '$>';
export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';
